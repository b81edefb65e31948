package io.culvert.testbed.bench.micro;

import io.culvert.gossip.core.Effect;
import io.culvert.gossip.core.GossipMachine;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.PacketCodec;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A member that starts with 10,000 others on its disk, ten services each: read and merged, signatures not checked. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsAppend = "-Xmx1500m")
public class SnapshotBenchmark {
    private static final int MEMBERS = 10_000;

    private final SampleMembers members = new SampleMembers();
    private List<Frame> frames = List.of();
    private byte[] bytes = new byte[0];

    @Setup(Level.Trial)
    public void make() {
        frames = members.snapshot(MEMBERS);
        bytes = PacketCodec.encode(frames);
    }

    @Benchmark
    public List<Frame> decode() throws MalformedFrame {
        return PacketCodec.decode(bytes);
    }

    /** As after a restart: every word is taken, and every verdict is that it is genuine. */
    @Benchmark
    public GossipMachine merge() {
        GossipMachine machine = members.machine(0);
        machine.recall(frames, 1);
        List<Effect> effects = machine.drain();
        while (!effects.isEmpty()) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Verify verify) {
                    machine.onVerdict(verify.check(), true, 1);
                }
            }
            effects = machine.drain();
        }
        if (machine.others().size() != MEMBERS || machine.ownersWithContent() != MEMBERS + 1) {
            throw new IllegalStateException("merged " + machine.others().size() + " members and "
                    + machine.ownersWithContent() + " owners (expected: " + MEMBERS + " and one more)");
        }
        return machine;
    }
}
