package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.core.Effect;
import io.culvert.gossip.core.EnvelopeStreams;
import io.culvert.gossip.core.GossipMachine;
import io.culvert.gossip.core.PacketGuard;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.membership.Signer;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.wire.EnvelopeOutcome;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.Rejection;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A host without a network: a test says what it holds and what befalls it. */
final class FakeHost implements Host {
    private final int number;
    private final PublicKeyBytes key;
    final Map<NodeId, Liveness> liveness = new HashMap<>();
    final Map<NodeId, NodeContent> contents = new HashMap<>();
    boolean running = true;
    boolean remembers = true;
    private GossipMachine machine;
    private @Nullable List<Size> sizes;

    FakeHost(int number) {
        this.number = number;
        byte[] bytes = new byte[PublicKeyBytes.BYTES];
        bytes[0] = (byte) (number + 1);
        this.key = PublicKeyBytes.of(bytes);
        this.machine = machine(100);
    }

    /** Begins again with this epoch. */
    void restart(long epoch) {
        machine = machine(epoch);
    }

    private GossipMachine machine(long epoch) {
        KeySchedules keys = new KeySchedules(new PoolLabel("test"), Keyring.of(PoolKey.of(new byte[PoolKey.BYTES])));
        SplittableRandom random = new SplittableRandom(number);
        return new GossipMachine(
                new GossipMachine.Parts(
                        SwimSettings.lan(),
                        new Membership.Identity(
                                new FakeSigner(),
                                new PeerAddress(IpAddress.ofIpv4(0x0a000001 + number), 8301),
                                8443,
                                false),
                        epoch,
                        new GossipMachine.Security(new NoPackets(), new EnvelopeStreams(id(), random), keys),
                        new GossipMachine.Chance(random, () -> Instant.EPOCH)),
                0);
    }

    /** Takes {@code other}'s word that it lives. */
    void meet(FakeHost other) {
        machine.recall(List.of(other.machine.ownWord()), 0);
        for (Effect effect : machine.drain()) {
            if (effect instanceof Effect.Verify verify) {
                machine.onVerdict(verify.check(), true, 0);
            }
        }
    }

    /** A state of its content that differs from all others by {@code change}. */
    NodeContent content(int change) {
        NodeRecord record = new NodeRecord(
                id(),
                new NodeName(toString()),
                IpAddress.ofIpv4(1),
                "dc1",
                Map.of("change", Integer.toString(change)),
                8443,
                false,
                "1.0");
        return new NodeContent(record, List.of(ServiceInstance.of("web-" + change, "web", 80)), List.of());
    }

    void holds(List<Size> changed) {
        sizes = changed;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public NodeId id() {
        return key.id();
    }

    @Override
    public long life() {
        return 1;
    }

    @Override
    public boolean remembersEpoch() {
        return remembers;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public GossipMachine machine() {
        return machine;
    }

    @Override
    public List<Size> sizes() {
        return sizes == null ? machine.sizes() : sizes;
    }

    @Override
    public Optional<Liveness> livenessOf(NodeId member) {
        return Optional.ofNullable(liveness.get(member));
    }

    @Override
    public Optional<NodeContent> contentOf(NodeId owner) {
        return Optional.ofNullable(contents.get(owner));
    }

    @Override
    public String toString() {
        return "host-" + number;
    }

    private final class FakeSigner implements Signer {
        @Override
        public PublicKeyBytes publicKey() {
            return key;
        }

        @Override
        public byte[] sign(SignatureDomain domain, byte[] message) {
            return new byte[PublicKeyBytes.SIGNATURE_BYTES];
        }
    }

    private static final class NoPackets implements PacketGuard {
        @Override
        public byte[] seal(NodeId to, byte[] payload) {
            return payload;
        }

        @Override
        public EnvelopeOutcome open(byte[] packet) {
            return new EnvelopeOutcome.Rejected(Rejection.NOT_AUTHENTIC);
        }

        @Override
        public boolean owesEcho(NodeId peer) {
            return false;
        }
    }
}
