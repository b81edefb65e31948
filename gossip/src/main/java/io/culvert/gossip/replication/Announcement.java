package io.culvert.gossip.replication;

/** A frame that is as true as the signature of the head in it. */
public sealed interface Announcement extends ReplicationFrame permits Head, Delta, Repair {
    Head head();

    /** About as much memory as it takes while it waits. */
    int weight();
}
