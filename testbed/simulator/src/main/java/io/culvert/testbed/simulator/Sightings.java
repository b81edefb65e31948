package io.culvert.testbed.simulator;

import io.culvert.catalog.NodeContent;
import io.culvert.gossip.membership.MemberChange;

/** Who saw what, at the moment they see it; for measurements. */
interface Sightings {
    Sightings NONE = new Sightings() {
        @Override
        public void content(SimulatedNode observer, NodeContent content) {
            // Nobody measures.
        }

        @Override
        public void member(SimulatedNode observer, MemberChange change) {
            // Nobody measures.
        }
    };

    void content(SimulatedNode observer, NodeContent content);

    void member(SimulatedNode observer, MemberChange change);
}
