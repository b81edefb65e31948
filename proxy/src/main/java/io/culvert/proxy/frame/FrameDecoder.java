package io.culvert.proxy.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to frames. Total: whatever comes in, it either tells the sink of frames or of one fault, and never throws. It
 * holds back at most one header or one control frame, 4,104 bytes; DATA is passed on as slices of what was fed.
 */
public final class FrameDecoder {
    private final FrameSink sink;
    private long header;
    private int headerBytes;
    private @Nullable FrameType type;
    private int ordinal;
    private int remaining;
    private byte @Nullable [] held;
    private int heldBytes;
    private boolean stopped;

    public FrameDecoder(FrameSink sink) {
        this.sink = sink;
    }

    /** Takes ownership of {@code in}. May be called again from the sink only after {@link #stop}. */
    public void feed(ByteBuf in) {
        try {
            while (!stopped && in.isReadable()) {
                if (type == null) {
                    readHeader(in);
                } else if (type == FrameType.DATA) {
                    passOn(in);
                } else {
                    collect(in);
                }
            }
        } finally {
            in.release();
        }
    }

    /** Whether a frame has begun and not ended: an end of the connection here cuts it. */
    public boolean isInsideFrame() {
        return headerBytes > 0 || type != null;
    }

    /** Nothing more is told to the sink, not even of bytes already fed. */
    public void stop() {
        stopped = true;
        held = null;
    }

    private void readHeader(ByteBuf in) {
        if (headerBytes == 0 && in.readableBytes() >= Limits.HEADER) {
            header = in.readLong();
            headerBytes = Limits.HEADER;
        } else {
            header = header << 8 | in.readUnsignedByte();
            headerBytes++;
        }
        if (headerBytes == Limits.HEADER) {
            headerBytes = 0;
            begin((int) (header >>> 56), (int) (header >>> 32) & 0xffff, header & 0xffff_ffffL);
        }
    }

    private void begin(int code, int stream, long length) {
        FrameType known = FrameType.ofCode(code);
        if (known == null) {
            fault(FrameFault.UNKNOWN_TYPE, "type " + code);
        } else if (length > (known == FrameType.DATA ? Limits.DATA : Limits.CONTROL)) {
            fault(FrameFault.TOO_LONG, known + " of " + length + " bytes");
        } else if (known.isOfConnection() != (stream == 0)) {
            fault(FrameFault.WRONG_STREAM, known + " for stream " + stream);
        } else if (length == 0) {
            fault(known == FrameType.DATA ? FrameFault.EMPTY_DATA : FrameFault.MALFORMED, known + " without payload");
        } else {
            type = known;
            ordinal = stream;
            remaining = (int) length;
        }
    }

    private void passOn(ByteBuf in) {
        int length = Math.min(remaining, in.readableBytes());
        remaining -= length;
        if (remaining == 0) {
            type = null;
        }
        sink.data(ordinal, in.readRetainedSlice(length));
    }

    private void collect(ByteBuf in) {
        if (held == null && in.readableBytes() >= remaining) {
            decode(in.readSlice(remaining));
            return;
        }
        if (held == null) {
            held = new byte[remaining];
            heldBytes = 0;
        }
        int length = Math.min(held.length - heldBytes, in.readableBytes());
        in.readBytes(held, heldBytes, length);
        heldBytes += length;
        if (heldBytes == held.length) {
            ByteBuf payload = Unpooled.wrappedBuffer(held);
            held = null;
            decode(payload);
        }
    }

    private void decode(ByteBuf payload) {
        FrameType complete = java.util.Objects.requireNonNull(type);
        type = null;
        try {
            Frame frame = new PayloadReader(payload).read(complete, ordinal);
            sink.frame(frame);
        } catch (PayloadReader.MalformedException e) {
            fault(e.fault(), complete + ": " + e.getMessage());
        }
    }

    private void fault(FrameFault fault, String detail) {
        stop();
        sink.fault(fault, detail);
    }
}
