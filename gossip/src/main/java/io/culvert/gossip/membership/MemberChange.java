package io.culvert.gossip.membership;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Incarnation;
import org.jspecify.annotations.Nullable;

/**
 * One step in a member's life, as the layers above see it.
 *
 * @param before null for a newcomer
 * @param reason for people
 */
public record MemberChange(
        NodeId member, @Nullable Liveness before, Liveness after, Incarnation incarnation, String reason) {}
