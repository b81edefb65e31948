package io.culvert.health.probe;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * The two messages of {@code grpc.health.v1.Health/Check}, in the framing of gRPC: one byte "compressed", four bytes
 * length, then the protobuf message. Request: field 1, string {@code service}. Response: field 1, enum {@code status}.
 */
public final class GrpcHealthMessage {
    /** {@code SERVING} of {@code ServingStatus}. */
    public static final long SERVING = 1;

    /** An answer is two bytes; more than this is something else. */
    static final int MOST_BYTES = 1_024;

    private static final int PREFIX = 5;
    private static final int SERVICE_TAG = 0x0A; // field 1, length-delimited
    private static final int STATUS_FIELD = 1;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final int LONGEST_VARINT = 10;

    private GrpcHealthMessage() {}

    static byte[] request(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(PREFIX + 1 + LONGEST_VARINT + name.length);
        message.position(PREFIX);
        if (name.length > 0) {
            message.put((byte) SERVICE_TAG);
            writeVarint(message, name.length);
            message.put(name);
        }
        message.putInt(1, message.position() - PREFIX);
        byte[] bytes = new byte[message.position()];
        message.flip().get(bytes);
        return bytes;
    }

    /** The number of the serving status, 0 when the message leaves it out; empty when this is no such message. */
    public static OptionalLong parseStatus(byte[] framed) {
        if (framed.length < PREFIX || framed[0] != 0) {
            return OptionalLong.empty();
        }
        ByteBuffer message = ByteBuffer.wrap(framed);
        if (message.getInt(1) != framed.length - PREFIX) {
            return OptionalLong.empty();
        }
        message.position(PREFIX);
        try {
            return readFields(message);
        } catch (BufferUnderflowException e) {
            return OptionalLong.empty(); // cut off inside a field
        }
    }

    /** Later values of one field replace earlier ones, unknown fields are skipped: protobuf's rules. */
    private static OptionalLong readFields(ByteBuffer message) {
        long status = 0;
        while (message.hasRemaining()) {
            long tag = readVarint(message);
            int type = (int) (tag & 7);
            long field = tag >>> 3;
            if (field == 0) {
                return OptionalLong.empty();
            }
            if (field == STATUS_FIELD && type == VARINT) {
                status = readVarint(message);
            } else if (!skip(message, type)) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(status);
    }

    private static boolean skip(ByteBuffer message, int type) {
        if (type == VARINT) {
            readVarint(message);
            return true;
        }
        long bytes = switch (type) {
            case FIXED64 -> Long.BYTES;
            case LENGTH_DELIMITED -> readVarint(message);
            case FIXED32 -> Integer.BYTES;
            default -> -1;
        };
        if (bytes < 0 || bytes > message.remaining()) {
            return false;
        }
        message.position(message.position() + (int) bytes);
        return true;
    }

    private static long readVarint(ByteBuffer message) {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            byte next = message.get();
            value |= (long) (next & 0x7F) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new BufferUnderflowException();
    }

    private static void writeVarint(ByteBuffer message, int value) {
        int left = value;
        while (left > 0x7F) {
            message.put((byte) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        message.put((byte) left);
    }
}
