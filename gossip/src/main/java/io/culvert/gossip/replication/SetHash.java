package io.culvert.gossip.replication;

import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.WireReader;
import io.culvert.gossip.wire.WireWriter;

/** First 128 bits of SHA-256 over (slot u16, SHA-256 of the body) of every record, in the order of slots. */
public record SetHash(long high, long low) implements Comparable<SetHash> {
    static final int BYTES = 16;

    static SetHash read(WireReader reader) throws MalformedFrame {
        return new SetHash(reader.u64("set hash"), reader.u64("set hash"));
    }

    WireWriter write(WireWriter writer) {
        return writer.u64(high).u64(low);
    }

    @Override
    public int compareTo(SetHash other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
