package io.culvert.proxy.frame;

import io.culvert.catalog.IpAddress;
import io.netty.buffer.ByteBuf;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads one control payload. Every read is checked against what is left. */
final class PayloadReader {
    private static final int IPV4 = 4;
    private static final int IPV6 = 6;

    private final ByteBuf payload;

    PayloadReader(ByteBuf payload) {
        this.payload = payload;
    }

    /** A payload that is not what its type promises. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final FrameFault fault;

        MalformedException(FrameFault fault, String message) {
            super(message, null, false, false);
            this.fault = fault;
        }

        FrameFault fault() {
            return fault;
        }
    }

    Frame read(FrameType type, int ordinal) throws MalformedException {
        try {
            Frame frame = readBody(type, ordinal);
            if (payload.isReadable()) {
                throw malformed(payload.readableBytes() + " bytes left over");
            }
            return frame;
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    private Frame readBody(FrameType type, int ordinal) throws MalformedException {
        return switch (type) {
            case HELLO -> hello();
            case OPEN -> open(ordinal);
            case OPENED -> opened(ordinal);
            case REFUSED -> refused(ordinal);
            case FIN -> new Fin(ordinal, count());
            case RESET -> new Reset(ordinal, ResetCode.ofCode(u16()), count());
            case READY -> new Ready(u16());
            case GOAWAY -> new GoAway(u16(), bounded32());
            case PING -> new Ping(u64());
            case PONG -> new Pong(u64());
            case DATA -> throw malformed("DATA is not a control frame");
        };
    }

    private Hello hello() throws MalformedException {
        Hello hello = new Hello(
                u16(),
                u16(),
                u64(),
                Math.min(bounded32(), Limits.DATA),
                u64(),
                bounded32(),
                bounded32(),
                new Id128(u64(), u64()));
        skipExtensions();
        return hello;
    }

    private Open open(int ordinal) throws MalformedException {
        int version = u8();
        if (version != Open.VERSION) {
            throw malformed("version " + version);
        }
        Open open = new Open(
                ordinal,
                AppTransport.ofCode(u8()),
                u16(),
                caller(),
                text(u16(), Open.LONGEST_NAME),
                text(u16(), Open.LONGEST_NAME),
                text(u8(), 255),
                new Id128(u64(), u64()),
                bounded32(),
                text(u8(), 255));
        skipExtensions();
        return open;
    }

    private Optional<Open.Caller> caller() throws MalformedException {
        int family = u8();
        if (family == 0) {
            return Optional.empty();
        }
        if (family != IPV4 && family != IPV6) {
            throw malformed("address family " + family);
        }
        byte[] address = new byte[family == IPV4 ? 4 : 16];
        need(address.length);
        payload.readBytes(address);
        return Optional.of(new Open.Caller(IpAddress.of(address), u16()));
    }

    private Opened opened(int ordinal) throws MalformedException {
        Opened opened = new Opened(ordinal, AppTransport.ofCode(u8()), bounded32());
        skipExtensions();
        return opened;
    }

    private Refused refused(int ordinal) throws MalformedException {
        RefusalCode code = RefusalCode.ofCode(u16());
        int retry = u8();
        if (retry >= Refused.Retry.values().length) {
            throw malformed("retryable " + retry);
        }
        return new Refused(ordinal, code, Refused.Retry.values()[retry], text(u16(), Limits.MESSAGE));
    }

    /** Unknown even types are skipped; an unknown odd type asks for something that we do not do. */
    private void skipExtensions() throws MalformedException {
        while (payload.isReadable()) {
            int type = u16();
            int length = u16();
            need(length);
            if ((type & 1) == 1) {
                throw new MalformedException(FrameFault.UNSUPPORTED_TLV, "type " + type);
            }
            payload.skipBytes(length);
        }
    }

    private int u8() throws MalformedException {
        need(1);
        return payload.readUnsignedByte();
    }

    private int u16() throws MalformedException {
        need(2);
        return payload.readUnsignedShort();
    }

    /** An unsigned number of 32 bits; more than an {@code int} holds counts as the most that it holds. */
    private int bounded32() throws MalformedException {
        need(4);
        return (int) Math.min(payload.readUnsignedInt(), Integer.MAX_VALUE);
    }

    private long u64() throws MalformedException {
        need(8);
        return payload.readLong();
    }

    private long count() throws MalformedException {
        long count = u64();
        if (count < 0) {
            throw malformed("count " + Long.toUnsignedString(count));
        }
        return count;
    }

    private String text(int length, int longest) throws MalformedException {
        if (length > longest) {
            throw malformed("text of " + length + " bytes (longest: " + longest + ")");
        }
        need(length);
        byte[] bytes = new byte[length];
        payload.readBytes(bytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("text is not UTF-8");
        }
    }

    private void need(int bytes) throws MalformedException {
        if (payload.readableBytes() < bytes) {
            throw malformed("ends early");
        }
    }

    private static MalformedException malformed(String message) {
        return new MalformedException(FrameFault.MALFORMED, message);
    }
}
