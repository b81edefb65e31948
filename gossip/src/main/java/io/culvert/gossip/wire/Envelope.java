package io.culvert.gossip.wire;

/**
 * Layout of an encrypted datagram:
 * <pre>
 * version  u8       1
 * flags    u8       bit 0: the payload begins with an echoed cookie, bit 1: with an offered cookie (after the echo)
 * keyId    u32      number of the pool key
 * sender   16
 * session  u64      random for each start of the sender's process
 * counter  u64      grows with each packet of the session
 * payload           AES-256-GCM; nonce = 4 zero bytes and the counter, AAD = the header, the pool's label and the recipient's id,
 *                   which is not sent: whoever plays a packet back to another host plays it to the deaf
 * tag      16
 * </pre>
 */
public final class Envelope {
    /** Most bytes of frames in one packet: with every header it passes overlay networks unfragmented. */
    public static final int MAXIMUM_PAYLOAD = 1_200;

    public static final int HEADER_BYTES = 38;
    public static final int TAG_BYTES = 16;
    /** What the envelope adds to a payload without cookies. */
    public static final int OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES;

    static final int COOKIE_BYTES = 8;
    /** The largest packet: full payload and both cookies. */
    public static final int MAXIMUM_PACKET = OVERHEAD_BYTES + 2 * COOKIE_BYTES + MAXIMUM_PAYLOAD;

    static final int VERSION = 1;
    static final int ECHO = 1;
    static final int OFFER = 2;
    static final int KNOWN_FLAGS = ECHO | OFFER;

    private Envelope() {}
}
