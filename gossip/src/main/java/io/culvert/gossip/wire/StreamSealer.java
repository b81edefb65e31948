package io.culvert.gossip.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.SecretKey;

/** Seals the messages of one direction of a stream. Not thread safe. */
public final class StreamSealer {
    private final SecretKey key;
    private final AeadCipher cipher = new AeadCipher();
    private long counter;
    private boolean finished;

    StreamSealer(SecretKey key) {
        this.key = key;
    }

    /** The chunks of {@code message}, to be sent in this order with nothing between them. */
    public List<byte[]> seal(byte[] message) {
        List<byte[]> chunks = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(message.length, from + StreamChunk.MAXIMUM_DATA);
            chunks.add(chunk(to < message.length ? StreamChunk.MORE : 0, Arrays.copyOfRange(message, from, to)));
            from = to;
        } while (from < message.length);
        return chunks;
    }

    /** The chunk that tells the peer that this was all. Without it the peer takes the end of the stream for a cut. */
    public byte[] finish() {
        byte[] last = chunk(StreamChunk.LAST, new byte[0]);
        finished = true;
        return last;
    }

    private byte[] chunk(int flags, byte[] data) {
        if (finished) {
            throw new IllegalStateException("this stream is finished");
        }
        byte[] header = new WireWriter(StreamChunk.HEADER_BYTES)
                .u8(flags)
                .u16(data.length)
                .toBytes();
        byte[] chunk = Arrays.copyOf(header, header.length + data.length + Envelope.TAG_BYTES);
        cipher.seal(key, counter++, new byte[][] {header}, data, chunk, header.length);
        return chunk;
    }
}
