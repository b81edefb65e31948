package io.culvert.dns.core;

/** Where things are in a message (RFC 1035 section 4.1), for those who read and write bytes. */
final class WireFormat {
    static final int HEADER_BYTES = 12;

    /** Type and class behind the name of a question. */
    static final int QUESTION_TAIL = 4;

    static final int CLASS_IN = 1;
    static final int CLASS_ANY = 255;

    /** What is announced by EDNS: larger questions make no sense (DNS flag day 2020). */
    static final int OUR_PAYLOAD = 1_232;

    /** An OPT record without options. */
    static final int OPT_BYTES = 11;

    static final int QR = 0x8000;
    static final int AA = 0x0400;
    static final int RD = 0x0100;
    static final int RA = 0x0080;
    static final int CD = 0x0010;
    static final int OPCODE = 0x7800;
    static final int POINTER = 0xc000;
    static final int DNSSEC_OK = 0x8000;

    private static final int FLAGS_AT = 2;
    private static final int QUESTIONS_AT = 4;

    private WireFormat() {}

    static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    static int flags(byte[] message) {
        return u16(message, FLAGS_AT);
    }

    /** What the counter of section {@code section} says, 0 for questions to 3 for additional records. */
    static int count(byte[] message, int section) {
        return u16(message, QUESTIONS_AT + Short.BYTES * section);
    }

    /** Where the one question ends, or -1 when its name is compressed, too long or cut. */
    static int questionEnd(byte[] message, int length) {
        int at = HEADER_BYTES;
        while (at < length && message[at] != 0) {
            if ((message[at] & 0xff) > DnsName.LONGEST_LABEL) {
                return -1;
            }
            at += message[at] + 1;
        }
        int end = at + 1 + QUESTION_TAIL;
        return at + 1 - HEADER_BYTES > DnsName.LONGEST || end > length ? -1 : end;
    }
}
