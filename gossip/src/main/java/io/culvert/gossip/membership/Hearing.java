package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;

/**
 * How a word came to us.
 *
 * @param sender who handed it on, as it calls itself: every holder of the pool's key can use any id
 * @param vouched whether the sender proved to be at the address where that member is known to be, which a liar elsewhere
 *     cannot
 * @param compared whether it came in a comparison of tables
 */
public record Hearing(NodeId sender, boolean vouched, boolean compared) {}
