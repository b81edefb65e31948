package io.culvert.gossip.replication;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.PacketCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A comparison of trees with a peer that says anything: once as the side that answers, once as the side that asks. The
 * input is one message; what was cut off at a fault is what came before it.
 */
class TreeSessionFuzzTest {
    private static final int OWNERS = 300;
    private static final NodeId PEER = new NodeId(9, 9);
    private static final Moment NOW = new Moment(0, 1_800_000_000L);
    /** One answer may go over the bound by what is told of one node: every owner, or the whole set of one. */
    private static final int LONGEST_ANSWER = 2 * 256 * 1_024;

    private final List<NodeId> forgotten = new ArrayList<>();
    private final List<Long> verdicts = new ArrayList<>();
    private final Replication replication = replication();

    private final class Outside implements ReplicationPort {
        @Override
        public void send(NodeId to, Frame.Content frame) {
            // Nobody is there to hear of it.
        }

        @Override
        public void pullByStream(NodeId from, Pull pull) {
            // Nobody is there to hear of it.
        }

        @Override
        public void pullFromAnother(NodeId except, Pull pull) {
            // Nobody is there to hear of it.
        }

        @Override
        public void verify(long ticket, Head head, PublicKeyBytes key) {
            verdicts.add(ticket);
        }

        @Override
        public void changed(NodeContent content, boolean member) {
            // Nobody is there to hear of it.
        }

        @Override
        public void forgotten(NodeId owner) {
            forgotten.add(owner);
        }

        @Override
        public void noticed(ReplicationNotice notice) {
            // Nobody is there to hear of it.
        }

        @Override
        public void ownEpochSeen(long epoch) {
            // Nobody is there to hear of it.
        }
    }

    private record BlankSigner(PublicKeyBytes publicKey) implements HeadSigner {
        @Override
        public byte[] sign(byte[] head) {
            return new byte[PublicKeyBytes.SIGNATURE_BYTES];
        }
    }

    private static PublicKeyBytes key(int number) {
        byte[] bytes = new byte[PublicKeyBytes.BYTES];
        bytes[0] = (byte) number;
        bytes[1] = (byte) (number >> 8);
        return PublicKeyBytes.of(bytes);
    }

    private Replication machine(int number) {
        PublicKeyBytes key = key(number);
        Replication made = new Replication(
                ReplicationSettings.DEFAULT,
                new Replication.Identity(key.id(), new BlankSigner(key), 1_800_000_000L),
                new TreeKey(1, new byte[16]),
                new SplittableRandom(number),
                new Outside());
        NodeRecord node = new NodeRecord(
                key.id(), new NodeName("n" + number), IpAddress.parse("10.0.0.1"), "dc1", Map.of(), 8443, false, "1");
        CheckState check = new CheckState("c", "c", CheckStatus.PASSING, "web", "tcp", "");
        try {
            made.publish(new NodeContent(node, List.of(ServiceInstance.of("web", "web", 80)), List.of(check)), NOW);
        } catch (ContentRefused refused) {
            throw new AssertionError(refused);
        }
        return made;
    }

    private Replication replication() {
        Replication made = machine(0);
        for (int i = 1; i <= OWNERS; i++) {
            Replication other = machine(i);
            made.memberChanged(key(i).id(), key(i), Liveness.ALIVE, NOW);
            Frame.Content repair = java.util.Objects.requireNonNull(
                            other.repairFor(new Pull(key(i).id(), 0, 0, true)), "own repair")
                    .frame();
            made.onFrame(PEER, repair, NOW);
            verdicts.forEach(ticket -> made.onVerdict(ticket, true, NOW));
            verdicts.clear();
        }
        assertThat(made.ownersWithContent()).isEqualTo(OWNERS + 1);
        return made;
    }

    @FuzzTest(maxDuration = "1h")
    void any_message_is_answered_within_bounds_and_ends_a_session_of_ours(byte[] message) {
        List<Frame> said;
        try {
            said = PacketCodec.decode(message);
        } catch (MalformedFrame named) {
            assertThat(named.field()).isNotEmpty();
            return;
        }
        List<Frame> answer = new AntiEntropyServer(replication).answer(said);
        assertThat(Frame.length(answer)).isLessThanOrEqualTo(LONGEST_ANSWER);
        assertThat(PacketCodec.encode(answer)).hasSize(Frame.length(answer));
        ask(said);
        long root = replication.root();
        replication.onTick(NOW);
        assertThat(replication.root()).isEqualTo(root);
        assertThat(forgotten).isEmpty();
    }

    /** Whatever comes, and however often, the questions come to an end. */
    private void ask(List<Frame> said) {
        AntiEntropyClient client = new AntiEntropyClient(replication, PEER);
        List<Frame> question = client.next();
        for (int turns = 0; !question.isEmpty(); turns++) {
            assertThat(turns).as("turns with a peer that always says the same").isLessThan(20_000);
            assertThat(PacketCodec.encode(question)).hasSize(Frame.length(question));
            said.forEach(frame -> client.onFrame(frame, NOW));
            List<Long> open = List.copyOf(verdicts);
            verdicts.clear();
            open.forEach(ticket -> replication.onVerdict(ticket, false, NOW));
            question = client.next();
        }
    }
}
