package io.culvert.dns.core;

/** Numbers of record types; plain numbers, because a question may hold any of 65,536. */
final class RecordType {
    static final int A = 1;
    static final int NS = 2;
    static final int CNAME = 5;
    static final int SOA = 6;
    static final int PTR = 12;
    static final int HINFO = 13;
    static final int TXT = 16;
    static final int AAAA = 28;
    static final int SRV = 33;
    static final int OPT = 41;
    static final int ANY = 255;

    private static final int FIRST_META = 128;

    private RecordType() {}

    /** RFC 6895 section 3.1: 128 to 255 are questions that need more than a record, such as AXFR. */
    static boolean isUnsupportedMeta(int type) {
        return type >= FIRST_META && type < ANY;
    }

    /** Whether data of type {@code held} answers a question for {@code asked}. */
    static boolean matches(int asked, int held) {
        return asked == held || asked == ANY;
    }
}
