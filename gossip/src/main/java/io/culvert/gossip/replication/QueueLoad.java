package io.culvert.gossip.replication;

/**
 * How full a queue is.
 *
 * @param depth entries in it
 * @param oldestNanos how long the oldest of them has been there; 0 when it is empty
 */
public record QueueLoad(int depth, long oldestNanos) {}
