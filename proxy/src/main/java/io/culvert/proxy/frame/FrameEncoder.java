package io.culvert.proxy.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Frames to bytes. Pure functions. */
public final class FrameEncoder {
    /** Enough for every frame but an OPEN with long names. */
    private static final int USUAL_SIZE = 128;

    private FrameEncoder() {}

    /** {@code frame} as bytes; the caller owns the result. */
    public static ByteBuf encode(ByteBufAllocator allocator, Frame frame) {
        ByteBuf out = allocator.directBuffer(USUAL_SIZE, Limits.HEADER + Limits.CONTROL);
        boolean complete = false;
        try {
            append(out, frame);
            complete = true;
            return out;
        } finally {
            if (!complete) {
                out.release();
            }
        }
    }

    /** Appends {@code frame} to {@code out}. */
    public static void append(ByteBuf out, Frame frame) {
        int start = out.writerIndex();
        out.writeByte(frame.type().code())
                .writeByte(0)
                .writeShort(ordinal(frame))
                .writeInt(0);
        payload(out, frame);
        out.setInt(start + 4, out.writerIndex() - start - Limits.HEADER);
    }

    /**
     * Makes {@code payload} a DATA frame by writing the header into the {@link Limits#HEADER} bytes before its reader
     * index; nothing is copied.
     */
    public static void prependDataHeader(ByteBuf payload, int ordinal) {
        int start = payload.readerIndex() - Limits.HEADER;
        int length = payload.readableBytes();
        payload.setLong(start, dataHeader(ordinal, length));
        payload.readerIndex(start);
    }

    /** The header of a DATA frame, for a payload without headroom. */
    public static long dataHeader(int ordinal, int length) {
        return (long) FrameType.DATA.code() << 56 | (long) ordinal << 32 | length;
    }

    private static int ordinal(Frame frame) {
        return switch (frame.type()) {
            case OPEN -> ((Open) frame).ordinal();
            case OPENED -> ((Opened) frame).ordinal();
            case REFUSED -> ((Refused) frame).ordinal();
            case FIN -> ((Fin) frame).ordinal();
            case RESET -> ((Reset) frame).ordinal();
            case HELLO, READY, GOAWAY, PING, PONG, DATA -> 0;
        };
    }

    private static void payload(ByteBuf out, Frame frame) {
        switch (frame.type()) {
            case HELLO -> hello(out, (Hello) frame);
            case OPEN -> open(out, (Open) frame);
            case OPENED -> opened(out, (Opened) frame);
            case REFUSED -> refused(out, (Refused) frame);
            case FIN -> out.writeLong(((Fin) frame).total());
            case RESET -> out.writeShort(((Reset) frame).code().code()).writeLong(((Reset) frame).sent());
            case READY -> out.writeShort(((Ready) frame).nextOrdinal());
            case GOAWAY -> out.writeShort(((GoAway) frame).reason()).writeInt(((GoAway) frame).graceMillis());
            case PING -> out.writeLong(((Ping) frame).opaque());
            case PONG -> out.writeLong(((Pong) frame).opaque());
            case DATA -> throw new IllegalArgumentException("DATA is not a control frame");
        }
    }

    private static void hello(ByteBuf out, Hello hello) {
        out.writeShort(hello.version()).writeShort(hello.flags()).writeLong(hello.incarnation());
        out.writeInt(hello.maxFrame()).writeLong(hello.features());
        out.writeInt(hello.idleMillis()).writeInt(hello.maxLifeMillis());
        id(out, hello.connectionId());
    }

    private static void open(ByteBuf out, Open open) {
        out.writeByte(Open.VERSION).writeByte(open.transport().code()).writeShort(open.flags());
        if (open.caller().isEmpty()) {
            out.writeByte(0);
        } else {
            byte[] address = open.caller().get().address().bytes();
            out.writeByte(address.length == 4 ? 4 : 6).writeBytes(address);
            out.writeShort(open.caller().get().port());
        }
        text16(out, open.target(), Open.LONGEST_NAME);
        text16(out, open.instanceId(), Open.LONGEST_NAME);
        text8(out, open.portName());
        id(out, open.traceId());
        out.writeInt(open.deadlineMillis());
        text8(out, open.subset());
    }

    private static void opened(ByteBuf out, Opened opened) {
        out.writeByte(opened.transport().code()).writeInt(opened.connectMicros());
    }

    private static void refused(ByteBuf out, Refused refused) {
        out.writeShort(refused.code().code()).writeByte(refused.retryable().ordinal());
        text16(out, shortened(refused.message()), Limits.MESSAGE);
    }

    /** {@code message} cut so that its UTF-8 fits: three bytes are the most that one {@code char} takes. */
    private static String shortened(String message) {
        int most = Limits.MESSAGE / 3;
        if (message.length() <= most) {
            return message;
        }
        int end = Character.isHighSurrogate(message.charAt(most - 1)) ? most - 1 : most;
        return message.substring(0, end);
    }

    private static void id(ByteBuf out, Id128 id) {
        out.writeLong(id.high()).writeLong(id.low());
    }

    private static void text8(ByteBuf out, String text) {
        byte[] bytes = utf8(text, 255);
        out.writeByte(bytes.length).writeBytes(bytes);
    }

    private static void text16(ByteBuf out, String text, int longest) {
        byte[] bytes = utf8(text, longest);
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    private static byte[] utf8(String text, int longest) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Wire.check(bytes.length <= longest, "length of text in a frame", bytes.length);
        return bytes;
    }
}
