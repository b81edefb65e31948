package io.culvert.testbed.bench.micro;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.clock.WallClock;
import io.culvert.gossip.core.EnvelopeGuard;
import io.culvert.gossip.core.EnvelopeStreams;
import io.culvert.gossip.core.GossipMachine;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.membership.Signer;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.PeerAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Machines of production with the real envelope, each with ten services and a check, whose signatures are left blank: who
 * wants to know what a signature costs asks {@link HeadBenchmark}.
 */
final class SampleMembers {
    static final long EPOCH = 1_800_000_000L;
    private static final int SERVICES = 10;

    private final KeySchedules keys =
            new KeySchedules(new PoolLabel("bench"), Keyring.of(PoolKey.of(new byte[PoolKey.BYTES])));

    private record BlankSigner(PublicKeyBytes publicKey) implements Signer {
        @Override
        public byte[] sign(SignatureDomain domain, byte[] message) {
            return new byte[PublicKeyBytes.SIGNATURE_BYTES];
        }
    }

    GossipMachine machine(int number) {
        SplittableRandom random = new SplittableRandom(number);
        byte[] key = new byte[PublicKeyBytes.BYTES];
        random.nextBytes(key);
        Signer signer = new BlankSigner(PublicKeyBytes.of(key));
        WallClock wall = () -> Instant.ofEpochSecond(EPOCH);
        PeerAddress address = new PeerAddress(
                IpAddress.parse("10." + (number >> 16) + "." + (number >> 8 & 0xff) + "." + (number & 0xff)), 8301);
        NodeId self = signer.publicKey().id();
        RandomGenerator unpredictable = new SplittableRandom(~number);
        GossipMachine machine = new GossipMachine(
                new GossipMachine.Parts(
                        SwimSettings.lan(),
                        new Membership.Identity(signer, address, 8443, false),
                        EPOCH,
                        new GossipMachine.Security(
                                new EnvelopeGuard(keys, self, unpredictable),
                                new EnvelopeStreams(self, unpredictable),
                                keys),
                        new GossipMachine.Chance(random, wall)),
                0);
        machine.start(0);
        machine.publish(content(self, number, address.ip()), 0);
        return machine;
    }

    private static NodeContent content(NodeId self, int number, IpAddress address) {
        NodeRecord node =
                new NodeRecord(self, new NodeName("host-" + number), address, "dc1", Map.of(), 8443, false, "0.1.0");
        List<ServiceInstance> services = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            services.add(ServiceInstance.of("svc-" + i + "-" + number, "svc-" + i, 8_000 + i));
        }
        CheckState check = new CheckState("ping", "ping", CheckStatus.PASSING, "svc-0-" + number, "tcp", "");
        return new NodeContent(node, services, List.of(check));
    }

    /** What {@code count} members would have on disk about each other: the word and the whole content of each. */
    List<Frame> snapshot(int count) {
        List<Frame> frames = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            GossipMachine machine = machine(i);
            frames.add(machine.ownWord());
            frames.addAll(machine.snapshot());
        }
        return frames;
    }
}
