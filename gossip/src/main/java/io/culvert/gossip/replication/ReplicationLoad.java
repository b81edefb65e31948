package io.culvert.gossip.replication;

/**
 * How busy replication is.
 *
 * @param badNews rumours of what stopped working
 * @param otherNews all other rumours
 * @param dropped rumours, since the start, because there were too many
 * @param headsBehind owners who are known to have said more than what is held here
 * @param pulls questions that are not answered yet
 * @param verifications heads whose signature is being checked
 * @param strangers owners with content whom the membership does not know
 */
public record ReplicationLoad(
        QueueLoad badNews,
        QueueLoad otherNews,
        long dropped,
        int headsBehind,
        int pulls,
        int verifications,
        int strangers) {}
