package io.culvert.testbed.bench.micro;

import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.PacketCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The plain text of one datagram: read, and written. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PacketBenchmark {
    private static final int WORDS = 7;

    /** A probe, or seven words about members, which is what fits. */
    @Param({"probe", "words"})
    private String kind = "probe";

    private List<Frame> frames = List.of();
    private byte[] bytes = new byte[0];

    @Setup
    public void make() {
        SampleMembers members = new SampleMembers();
        List<Frame> made = new ArrayList<>();
        for (int i = 0; kind.equals("words") && i < WORDS; i++) {
            made.add(members.machine(i).ownWord());
        }
        if (made.isEmpty()) {
            made.add(new Frame.Ping(1, members.machine(1).ownWord().about(), 2, 3, 4));
        }
        frames = made;
        bytes = PacketCodec.encode(frames);
    }

    @Benchmark
    public List<Frame> decode() throws MalformedFrame {
        return PacketCodec.decode(bytes);
    }

    @Benchmark
    public byte[] encode() {
        return PacketCodec.encode(frames);
    }
}
