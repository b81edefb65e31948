package io.culvert.gossip.core;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import java.util.List;

/** One side of one conversation over a stream. */
interface Dialogue {
    /** What to say first, once the stream has keys. */
    List<Frame> opening(NodeId peer, long now);

    /** One whole message of the peer, and what to answer. */
    Answer onMessage(List<Frame> frames, NodeId peer, long now);

    /** Called once: the conversation came to its end, or was cut. */
    void onEnded(boolean complete);

    /** @param last whether this side has nothing more to say or hear */
    record Answer(List<Frame> frames, boolean last) {
        static final Answer NOTHING = new Answer(List.of(), false);
        static final Answer END = new Answer(List.of(), true);
    }
}
