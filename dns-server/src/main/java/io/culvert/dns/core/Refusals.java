package io.culvert.dns.core;

/** Answers that need nothing but the header, and the question where it can be read. */
final class Refusals {
    private Refusals() {}

    /** A {@code message} of at least a header. Identifier, opcode and RD are echoed (RFC 1035 section 4.1.1). */
    static void write(byte[] message, int length, int rcode, AnswerBuffer out) {
        int end = WireFormat.count(message, 0) == 1 ? WireFormat.questionEnd(message, length) : -1;
        int flags = WireFormat.flags(message);
        out.put(message, 0, Short.BYTES);
        out.putShort(WireFormat.QR | flags & (WireFormat.OPCODE | WireFormat.RD) | rcode);
        out.putShort(end < 0 ? 0 : 1);
        out.putShort(0);
        out.putShort(0);
        out.putShort(0);
        if (end >= 0) {
            out.put(message, WireFormat.HEADER_BYTES, end - WireFormat.HEADER_BYTES);
        }
    }
}
