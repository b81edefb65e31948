package io.culvert.gossip.wire;

import io.culvert.gossip.wire.StreamEvent.Ended;
import io.culvert.gossip.wire.StreamEvent.Failed;
import io.culvert.gossip.wire.StreamEvent.Message;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * Opens one direction of a stream from pieces of any size. Memory grows with the bytes that really came, never with a
 * length somebody promised, up to one chunk and one message. Never throws, whatever the bytes; after a fault everything
 * else is ignored. Not thread safe.
 */
public final class StreamOpener {
    /** Longest message: one owner's complete record set with some room. */
    public static final int MAXIMUM_MESSAGE = 2 * 1_024 * 1_024;

    private final SecretKey key;
    private final AeadCipher cipher = new AeadCipher();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private byte[] pending = new byte[256];
    private int pendingBytes;
    private long counter;
    private boolean ended;
    private boolean failed;

    StreamOpener(SecretKey key) {
        this.key = key;
    }

    /** Takes {@code length} received bytes of {@code source} beginning at {@code from}. */
    public List<StreamEvent> onBytes(byte[] source, int from, int length) {
        List<StreamEvent> events = new ArrayList<>();
        int at = from;
        int end = from + length;
        while (at < end && !failed) {
            at += take(source, at, end);
            if (pendingBytes == wantedBytes() && pendingBytes > StreamChunk.HEADER_BYTES) {
                openPending().ifPresent(events::add);
                pendingBytes = 0;
            }
        }
        return events;
    }

    /** The connection is closed. Empty when the peer had said that it was done, or a fault was reported before. */
    public Optional<StreamEvent> onClosed() {
        return ended || failed ? Optional.empty() : Optional.of(fail(StreamFault.TRUNCATED));
    }

    /** Bytes that wait for the rest of their chunk or message. */
    public int heldBytes() {
        return pendingBytes + message.size();
    }

    private int take(byte[] source, int at, int end) {
        int count = Math.min(end - at, wantedBytes() - pendingBytes);
        if (pendingBytes + count > pending.length) {
            int chunkBytes = StreamChunk.HEADER_BYTES + StreamChunk.MAXIMUM_DATA + Envelope.TAG_BYTES;
            pending = Arrays.copyOf(pending, Math.min(chunkBytes, Math.max(pendingBytes + count, 2 * pending.length)));
        }
        System.arraycopy(source, at, pending, pendingBytes, count);
        pendingBytes += count;
        return count;
    }

    /** Until the header is there, the header; then the whole chunk. */
    private int wantedBytes() {
        if (pendingBytes < StreamChunk.HEADER_BYTES) {
            return StreamChunk.HEADER_BYTES;
        }
        return StreamChunk.HEADER_BYTES + ((pending[1] & 0xff) << 8 | pending[2] & 0xff) + Envelope.TAG_BYTES;
    }

    private Optional<StreamEvent> openPending() {
        int flags = pending[0];
        byte[][] associated = {Arrays.copyOf(pending, StreamChunk.HEADER_BYTES)};
        byte[] data = cipher.open(
                key, counter++, associated, pending, StreamChunk.HEADER_BYTES, pendingBytes - StreamChunk.HEADER_BYTES);
        if (data == null) {
            return Optional.of(fail(StreamFault.NOT_AUTHENTIC));
        }
        if ((flags & ~StreamChunk.KNOWN_FLAGS) != 0) {
            return Optional.of(fail(StreamFault.UNKNOWN_VERSION));
        }
        if (ended) {
            return Optional.of(fail(StreamFault.AFTER_END));
        }
        if (flags == StreamChunk.LAST && data.length == 0 && message.size() == 0) {
            ended = true;
            return Optional.of(new Ended());
        }
        return (flags & StreamChunk.LAST) != 0 ? Optional.of(fail(StreamFault.MALFORMED)) : append(flags, data);
    }

    private Optional<StreamEvent> append(int flags, byte[] data) {
        if (message.size() + data.length > MAXIMUM_MESSAGE) {
            return Optional.of(fail(StreamFault.MESSAGE_TOO_LARGE));
        }
        message.writeBytes(data);
        if ((flags & StreamChunk.MORE) != 0) {
            return Optional.empty();
        }
        byte[] content = message.toByteArray();
        message.reset();
        return Optional.of(new Message(content));
    }

    private StreamEvent fail(StreamFault fault) {
        failed = true;
        return new Failed(fault);
    }
}
