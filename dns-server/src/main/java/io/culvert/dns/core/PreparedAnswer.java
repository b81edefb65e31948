package io.culvert.dns.core;

import io.culvert.dns.core.Answer.Entry;
import io.culvert.dns.core.Answer.Extra;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * An answer as bytes that only have to be put in another order. Records of the answer section start with a pointer to
 * the question; an additional record, if it has one, is kept without its owner, which is the target of its SRV.
 */
final class PreparedAnswer {
    /** Larger answers are rare and take the other path; this bounds what one slot of the table can hold. */
    static final int LARGEST = 2_048;

    private static final int OWNER_BYTES = 2;
    private static final byte[] NOTHING = {};

    private final int rcode;
    private final boolean authority;
    private final int zoneBytes;
    private final Answer.Freshness freshness;
    private final byte[][] records;
    private final byte[][] extras; // NOTHING, or what goes with the record of the same place
    private final int bytes;
    private long generation; // a number, because a view would keep a whole old catalogue alive

    private PreparedAnswer(Answer answer, byte[][] records, byte[][] extras, int bytes, long generation) {
        this.rcode = answer.rcode();
        this.authority = answer.hasAuthority();
        this.zoneBytes = answer.zone().wire().length;
        this.freshness = answer.freshness();
        this.records = records;
        this.extras = extras;
        this.bytes = bytes;
        this.generation = generation;
    }

    /**
     * Nothing when the answer holds something else than A, AAAA and SRV with their addresses, or is too large.
     *
     * @param generation of the view that it was found in
     */
    static Optional<PreparedAnswer> of(Answer answer, long generation) {
        List<byte[]> records = new ArrayList<>();
        List<byte[]> extras = new ArrayList<>();
        Set<DnsName> owners = new HashSet<>();
        int bytes = 0;
        for (Entry entry : answer.entries()) {
            if (!isCommon(entry)) {
                return Optional.empty();
            }
            byte[] record = record(entry.data(), entry.ttl(), OWNER_BYTES);
            record[0] = (byte) (WireFormat.POINTER >>> 8);
            record[1] = WireFormat.HEADER_BYTES;
            byte[] extra =
                    entry.extras().isEmpty() ? NOTHING : extra(entry.extras().get(0), owners);
            records.add(record);
            extras.add(extra);
            bytes += record.length + (extra.length == 0 ? 0 : OWNER_BYTES + extra.length);
            if (bytes > LARGEST) {
                return Optional.empty();
            }
        }
        return Optional.of(new PreparedAnswer(
                answer, records.toArray(byte[][]::new), extras.toArray(byte[][]::new), bytes, generation));
    }

    private static boolean isCommon(Entry entry) {
        return switch (entry.data().type()) {
            case RecordType.A, RecordType.AAAA -> entry.extras().isEmpty();
            case RecordType.SRV -> entry.extras().size() <= 1;
            default -> false;
        };
    }

    /** Two SRV records with one target need its address once. */
    private static byte[] extra(Extra extra, Set<DnsName> owners) {
        return owners.add(extra.owner()) ? record(extra.data(), extra.ttl(), 0) : NOTHING;
    }

    private static byte[] record(ResourceData data, int ttl, int room) {
        byte[] wire = data.wire();
        ByteBuffer record = ByteBuffer.allocate(room + 3 * Short.BYTES + Integer.BYTES + wire.length);
        record.position(room)
                .putShort((short) data.type())
                .putShort((short) WireFormat.CLASS_IN)
                .putInt(ttl)
                .putShort((short) wire.length)
                .put(wire);
        return record.array();
    }

    int rcode() {
        return rcode;
    }

    /** Whether the SOA goes with it. */
    boolean hasAuthority() {
        return authority;
    }

    /** Length of the zone's name, which the question ends in. */
    int zoneBytes() {
        return zoneBytes;
    }

    /** Whether it is worth remembering. */
    boolean mayLast() {
        return freshness != Answer.Freshness.NEVER;
    }

    /** All records of both sections. */
    int bytes() {
        return bytes;
    }

    int count() {
        return records.length;
    }

    /** Whether it is still true in the {@code view} of this generation; a yes holds for the whole generation. */
    boolean holdsIn(View view, long viewGeneration) {
        if (generation == viewGeneration) {
            return true;
        }
        if (!freshness.holdsIn(view)) {
            return false;
        }
        generation = viewGeneration;
        return true;
    }

    void shuffle(RandomGenerator random) {
        for (int i = records.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            swap(records, i, other);
            swap(extras, i, other);
        }
    }

    private static void swap(byte[][] array, int one, int other) {
        byte[] kept = array[one];
        array[one] = array[other];
        array[other] = kept;
    }

    /** Writes all records; returns how many of them are in the additional section. */
    int write(AnswerBuffer out, int[] targets) {
        for (int i = 0; i < records.length; i++) {
            targets[i] = out.length()
                    + OWNER_BYTES
                    + 3 * Short.BYTES
                    + Integer.BYTES
                    + ResourceData.Location.BYTES_BEFORE_TARGET;
            out.put(records[i]);
        }
        int additional = 0;
        for (int i = 0; i < records.length; i++) {
            if (extras[i].length > 0) {
                out.putShort(WireFormat.POINTER | targets[i]);
                out.put(extras[i]);
                additional++;
            }
        }
        return additional;
    }
}
