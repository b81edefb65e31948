package io.culvert.dns.core;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Answers the common question on its bytes: one question of class IN for A, AAAA or SRV in the zone, with at most one
 * OPT record, whose whole answer fits. For everything else it says so and leaves no trace. A name asked for before costs
 * no allocation.
 */
final class FastPath {
    /** Flags that a common question may have: RD, AD, CD. */
    private static final int COMMON_FLAGS = 0x0130;

    private static final int FEWEST_RECORD_BYTES = 16;

    private final ZoneSettings settings;
    private final Resolver resolver;
    private final RandomGenerator random;
    private final PreparedAnswers prepared = new PreparedAnswers();
    private final int[] targets = new int[PreparedAnswer.LARGEST / FEWEST_RECORD_BYTES + 1];

    FastPath(ZoneSettings settings, Resolver resolver, RandomGenerator random) {
        this.settings = settings;
        this.resolver = resolver;
        this.random = random;
    }

    /** Whether it has answered. */
    boolean respond(byte[] message, int length, Transport transport, View view, AnswerBuffer out) {
        int end = WireFormat.questionEnd(message, length);
        if (end < 0 || !isCommon(message, end)) {
            return false;
        }
        boolean edns = WireFormat.count(message, 3) == 1;
        if (edns ? !isPlainOpt(message, end, length) : end != length) {
            return false;
        }
        PreparedAnswer answer = answer(message, end, view);
        if (answer == null) {
            return false;
        }
        int limit = edns ? transport.limit(WireFormat.u16(message, end + 3)) : transport.plainLimit();
        int type = WireFormat.u16(message, end - WireFormat.QUESTION_TAIL);
        boolean whole = settings.limits().count(answer.count(), type, transport.isUdp() && !edns) == answer.count();
        int size = end + answer.bytes() + authorityBytes(answer) + (edns ? WireFormat.OPT_BYTES : 0);
        if (!whole || size > limit) {
            return false;
        }
        answer.shuffle(random);
        writeHeader(message, answer, edns, out);
        out.put(message, WireFormat.HEADER_BYTES, end - WireFormat.HEADER_BYTES);
        int additional = answer.write(out, targets);
        if (answer.hasAuthority()) {
            writeAuthority(end - WireFormat.QUESTION_TAIL - answer.zoneBytes(), view, out);
        }
        if (edns) {
            writeOpt(message, end, out);
            additional++;
        }
        out.bytes()[WireFormat.HEADER_BYTES - 1] = (byte) additional;
        return true;
    }

    private static boolean isCommon(byte[] message, int end) {
        int type = WireFormat.u16(message, end - WireFormat.QUESTION_TAIL);
        return (WireFormat.flags(message) & ~COMMON_FLAGS) == 0
                && (type == RecordType.A || type == RecordType.AAAA || type == RecordType.SRV)
                && WireFormat.u16(message, end - Short.BYTES) == WireFormat.CLASS_IN
                && WireFormat.count(message, 1) == 0
                && WireFormat.count(message, 2) == 0
                && WireFormat.count(message, 3) <= 1;
    }

    /** An OPT of version 0 that is the rest of the message. Its options are for the other path when they are odd. */
    private static boolean isPlainOpt(byte[] message, int at, int length) {
        return length >= at + WireFormat.OPT_BYTES
                && message[at] == 0
                && WireFormat.u16(message, at + 1) == RecordType.OPT
                && WireFormat.u16(message, at + 5) == 0
                && at + WireFormat.OPT_BYTES + WireFormat.u16(message, at + 9) == length
                && EdnsOptions.areCommon(message, at + WireFormat.OPT_BYTES, length);
    }

    private @Nullable PreparedAnswer answer(byte[] message, int end, View view) {
        int keyEnd = end - Short.BYTES;
        PreparedAnswer known = prepared.find(message, WireFormat.HEADER_BYTES, keyEnd, view);
        if (known != null) {
            return known;
        }
        QuestionName name = QuestionName.of(QuestionName.labels(message, WireFormat.HEADER_BYTES), settings.domains());
        if (!name.isInZone()) {
            return null;
        }
        int type = WireFormat.u16(message, end - WireFormat.QUESTION_TAIL);
        Optional<PreparedAnswer> fresh =
                PreparedAnswer.of(resolver.resolve(name, type, view), prepared.generation(view));
        if (fresh.isEmpty()) {
            return null;
        }
        if (fresh.get().mayLast()) {
            prepared.keep(message, WireFormat.HEADER_BYTES, keyEnd, fresh.get());
        }
        return fresh.get();
    }

    private void writeHeader(byte[] message, PreparedAnswer answer, boolean edns, AnswerBuffer out) {
        int echoed = WireFormat.flags(message) & (WireFormat.RD | WireFormat.CD);
        int recursion = settings.recursion() ? WireFormat.RA : 0;
        out.put(message, 0, Short.BYTES);
        out.putShort(WireFormat.QR | WireFormat.AA | recursion | echoed | answer.rcode());
        out.putShort(1);
        out.putShort(answer.count());
        out.putShort(answer.hasAuthority() ? 1 : 0);
        out.putShort(edns ? 1 : 0); // corrected when the additional records are counted
    }

    private static final byte[] PRIMARY = {2, 'n', 's'};
    private static final byte[] MAILBOX = {10, 'h', 'o', 's', 't', 'm', 'a', 's', 't', 'e', 'r'};
    private static final int SOA_NUMBERS = 5 * Integer.BYTES;
    private static final int SOA_DATA = PRIMARY.length + MAILBOX.length + 2 * Short.BYTES + SOA_NUMBERS;
    private static final int SOA_BYTES = 4 * Short.BYTES + Integer.BYTES + SOA_DATA;

    private static int authorityBytes(PreparedAnswer answer) {
        return answer.hasAuthority() ? SOA_BYTES : 0;
    }

    /** The SOA; its names end in the zone, which starts at {@code zoneAt} in the question. */
    private void writeAuthority(int zoneAt, View view, AnswerBuffer out) {
        ZoneSettings.Ttls ttls = settings.ttls();
        int zone = WireFormat.POINTER | zoneAt;
        int negative = resolver.negativeSeconds();
        out.putShort(zone);
        out.putShort(RecordType.SOA);
        out.putShort(WireFormat.CLASS_IN);
        out.putInt(negative);
        out.putShort(SOA_DATA);
        out.put(PRIMARY);
        out.putShort(zone);
        out.put(MAILBOX);
        out.putShort(zone);
        out.putInt((int) view.unixSeconds());
        out.putInt((int) ttls.refresh().getSeconds());
        out.putInt((int) ttls.retry().getSeconds());
        out.putInt((int) ttls.expire().getSeconds());
        out.putInt(negative);
    }

    /** RFC 6891 section 6.1; RFC 3225 section 3: DO is echoed. */
    private static void writeOpt(byte[] message, int at, AnswerBuffer out) {
        out.putByte(0);
        out.putShort(RecordType.OPT);
        out.putShort(WireFormat.OUR_PAYLOAD);
        out.putShort(0);
        out.putShort(WireFormat.u16(message, at + 7) & WireFormat.DNSSEC_OK);
        out.putShort(0);
    }
}
