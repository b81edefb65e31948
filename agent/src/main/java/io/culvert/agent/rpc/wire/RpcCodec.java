package io.culvert.agent.rpc.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Bytes to frames and back. Immutable. */
public final class RpcCodec {
    /** Longest frame of any connection, without its length: what a method may put into one answer. */
    public static final int LONGEST_FRAME = 1_048_576;

    private static final int LENGTH_BYTES = 4;
    private static final int HEAD_BYTES = 5;
    private static final int REQUEST_HEAD_BYTES = 5;
    private static final int REQUEST = 1;
    private static final int RESPONSE = 2;
    private static final int ERROR = 3;
    private static final int CANCEL = 4;

    private final int longest;

    /** @param longest what is accepted and sent, in bytes, without the length itself */
    public RpcCodec(int longest) {
        if (longest < HEAD_BYTES || longest > LONGEST_FRAME) {
            throw new IllegalArgumentException("longest frame: " + longest + " (expected: 5 to " + LONGEST_FRAME + ")");
        }
        this.longest = longest;
    }

    /**
     * Takes one frame from {@code in}; null for as long as it is not whole. The length is checked before anything waits
     * or is allocated for it.
     */
    public @Nullable RpcFrame decode(ByteBuf in) throws RpcFrameFault {
        if (in.readableBytes() < LENGTH_BYTES) {
            return null;
        }
        long length = in.getUnsignedInt(in.readerIndex());
        if (length < HEAD_BYTES || length > longest) {
            throw new RpcFrameFault("frame of " + length + " bytes (expected: 5 to " + longest + ")");
        }
        if (in.readableBytes() < LENGTH_BYTES + length) {
            return null;
        }
        in.skipBytes(LENGTH_BYTES);
        return decodeWhole(in.readSlice((int) length));
    }

    /** Whether {@code frame} is short enough to be sent. */
    public boolean fits(RpcFrame frame) {
        return length(frame) <= longest;
    }

    /** Appends {@code frame}; {@link IllegalArgumentException} when it is too long, and nothing was written. */
    public void encode(RpcFrame frame, ByteBuf out) {
        long length = length(frame);
        if (length > longest) {
            throw new IllegalArgumentException("frame of " + length + " bytes (expected: at most " + longest + ")");
        }
        out.ensureWritable(LENGTH_BYTES + (int) length);
        out.writeInt((int) length);
        if (frame instanceof RpcFrame.Request request) {
            out.writeByte(REQUEST).writeInt(request.id()).writeInt(request.timeoutMillis());
            out.writeByte(request.method().length());
            out.writeCharSequence(request.method(), StandardCharsets.US_ASCII);
            out.writeBytes(request.payload());
        } else if (frame instanceof RpcFrame.Response response) {
            out.writeByte(RESPONSE).writeInt(response.id()).writeBytes(response.payload());
        } else if (frame instanceof RpcFrame.Failure failure) {
            out.writeByte(ERROR)
                    .writeInt(failure.id())
                    .writeByte(failure.error().code());
            out.writeBytes(failure.message().getBytes(StandardCharsets.UTF_8));
        } else {
            out.writeByte(CANCEL).writeInt(frame.id());
        }
    }

    private static long length(RpcFrame frame) {
        if (frame instanceof RpcFrame.Request request) {
            return (long) HEAD_BYTES + REQUEST_HEAD_BYTES + request.method().length() + request.payload().length;
        } else if (frame instanceof RpcFrame.Response response) {
            return (long) HEAD_BYTES + response.payload().length;
        } else if (frame instanceof RpcFrame.Failure failure) {
            return HEAD_BYTES + 1L + failure.message().getBytes(StandardCharsets.UTF_8).length;
        }
        return HEAD_BYTES;
    }

    private static RpcFrame decodeWhole(ByteBuf frame) throws RpcFrameFault {
        int kind = frame.readUnsignedByte();
        int id = frame.readInt();
        if (id <= 0) {
            throw new RpcFrameFault("id " + id + " (expected: above 0)");
        }
        return switch (kind) {
            case REQUEST -> request(id, frame);
            case RESPONSE -> new RpcFrame.Response(id, rest(frame));
            case ERROR -> failure(id, frame);
            case CANCEL -> cancel(id, frame);
            default -> throw new RpcFrameFault("kind " + kind + " (expected: 1 to 4)");
        };
    }

    private static RpcFrame request(int id, ByteBuf frame) throws RpcFrameFault {
        if (frame.readableBytes() < REQUEST_HEAD_BYTES) {
            throw new RpcFrameFault("request cut off");
        }
        int timeoutMillis = frame.readInt();
        int nameLength = frame.readUnsignedByte();
        if (frame.readableBytes() < nameLength) {
            throw new RpcFrameFault("method name cut off");
        }
        String method =
                frame.readCharSequence(nameLength, StandardCharsets.ISO_8859_1).toString();
        try {
            return new RpcFrame.Request(id, timeoutMillis, method, rest(frame));
        } catch (IllegalArgumentException e) {
            throw new RpcFrameFault(String.valueOf(e.getMessage()));
        }
    }

    private static RpcFrame failure(int id, ByteBuf frame) throws RpcFrameFault {
        if (!frame.isReadable() || frame.readableBytes() > 1 + RpcFrame.Failure.LONGEST_MESSAGE) {
            throw new RpcFrameFault("error frame of " + frame.readableBytes() + " bytes");
        }
        int code = frame.readUnsignedByte();
        RpcError error = RpcError.of(code).orElseThrow(() -> new RpcFrameFault("unknown error code " + code));
        try {
            String message = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(rest(frame)))
                    .toString();
            return new RpcFrame.Failure(id, error, message);
        } catch (CharacterCodingException e) {
            throw new RpcFrameFault("error message is not UTF-8");
        }
    }

    private static RpcFrame cancel(int id, ByteBuf frame) throws RpcFrameFault {
        if (frame.isReadable()) {
            throw new RpcFrameFault("cancel frame with content");
        }
        return new RpcFrame.Cancel(id);
    }

    private static byte[] rest(ByteBuf frame) {
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }
}
