package io.culvert.gossip.wire;

/**
 * Layout of one chunk of an encrypted stream:
 * <pre>
 * flags   u8     bit 0: the message goes on in the next chunk, bit 1: the last chunk of the stream
 * length  u16    of the plain bytes
 * data           AES-256-GCM; nonce = 4 zero bytes and the number of the chunk, AAD = flags and length
 * tag     16
 * </pre>
 */
final class StreamChunk {
    static final int HEADER_BYTES = 3;
    static final int MAXIMUM_DATA = 65_535;
    static final int MORE = 1;
    static final int LAST = 2;
    static final int KNOWN_FLAGS = MORE | LAST;

    private StreamChunk() {}
}
