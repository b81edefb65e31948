package io.culvert.gossip.wire;

import io.culvert.catalog.NodeId;

/** Whom a datagram is for, or from: the id decides about its cookies, the address where it goes. */
public record Peer(NodeId id, PeerAddress address) {}
