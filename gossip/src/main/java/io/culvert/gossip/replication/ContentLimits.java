package io.culvert.gossip.replication;

/**
 * How much one owner may publish. Checked by the owner, who can still refuse with a reason, and by every receiver, who
 * cannot trust it.
 */
public final class ContentLimits {
    /** Node, instances and checks of one owner together. */
    public static final int RECORDS = 4_096;
    /** One record, encoded. */
    public static final int RECORD_BYTES = 16_384;
    /** All records of one owner, encoded: the whole set fits one stream message of 1 MiB with its head. */
    public static final int SET_BYTES = 960 * 1_024;

    /** Versions take at most five bytes; at one a second that is a thousand years. */
    static final long VERSION = (1L << 35) - 1;

    static final int SLOTS = 65_536;

    private ContentLimits() {}
}
