package io.culvert.gossip.replication;

/** What a host wanted to publish is more than the pool carries; names the record; nothing was published. */
public final class ContentRefused extends Exception {
    ContentRefused(String message) {
        super(message);
    }
}
