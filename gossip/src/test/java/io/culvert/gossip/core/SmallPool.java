package io.culvert.gossip.core;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.membership.Signer;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.wire.PeerAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A few whole machines with the real envelope in virtual time; every packet and every piece of a stream takes a
 * millisecond, and every signature is genuine.
 */
final class SmallPool {
    private static final long DELAY_NANOS = Duration.ofMillis(1).toNanos();
    private static final long EPOCH = 1_800_000_000L;
    private static final KeySchedules KEYS =
            new KeySchedules(new PoolLabel("test"), Keyring.of(PoolKey.of(new byte[PoolKey.BYTES])));

    final List<Host> hosts = new ArrayList<>();
    private final Map<PeerAddress, Host> byAddress = new HashMap<>();
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::sequence));
    private long sequence;
    private long now;

    private record Due(long at, long sequence, Runnable task) {}

    private record BlankSigner(PublicKeyBytes publicKey) implements Signer {
        @Override
        public byte[] sign(SignatureDomain domain, byte[] message) {
            return new byte[PublicKeyBytes.SIGNATURE_BYTES];
        }
    }

    private record StreamEnd(Host host, long number) {}

    SmallPool(int size) {
        for (int i = 0; i < size; i++) {
            Host host = new Host(i);
            hosts.add(host);
            byAddress.put(host.address, host);
        }
        for (Host host : hosts) {
            host.machine.start(now);
            host.publish("web");
            host.machine.join(host.number, hosts.get(0).address, now);
            host.perform();
        }
    }

    /** One member. */
    final class Host {
        final int number;
        final PeerAddress address;
        final NodeId id;
        final GossipMachine machine;
        final Map<NodeId, NodeContent> contents = new HashMap<>();
        private final Map<Long, StreamEnd> streams = new HashMap<>();
        private long timerAt = Long.MAX_VALUE;
        int streamsOpened;
        int packetsSent;
        int comparisons;

        Host(int number) {
            this.number = number;
            byte[] key = new byte[PublicKeyBytes.BYTES];
            key[0] = (byte) number;
            Signer signer = new BlankSigner(PublicKeyBytes.of(key));
            id = signer.publicKey().id();
            address = new PeerAddress(IpAddress.parse("10.0.0." + (number + 1)), 8301);
            SplittableRandom random = new SplittableRandom(number);
            machine = new GossipMachine(
                    new GossipMachine.Parts(
                            SwimSettings.lan(),
                            new Membership.Identity(signer, address, 8443, false),
                            EPOCH,
                            new GossipMachine.Security(
                                    new EnvelopeGuard(KEYS, id, random), new EnvelopeStreams(id, random), KEYS),
                            new GossipMachine.Chance(random, () -> Instant.ofEpochSecond(EPOCH))),
                    0);
        }

        void publish(String service) {
            NodeRecord node =
                    new NodeRecord(id, new NodeName("host-" + number), address.ip(), "dc1", Map.of(), 8443, false, "1");
            machine.publish(new NodeContent(node, List.of(ServiceInstance.of(service, service, 80)), List.of()), now);
            perform();
        }

        String serviceOf(Host owner) {
            NodeContent content = contents.get(owner.id);
            return content == null ? "" : content.services().get(0).id();
        }

        private void perform() {
            List<Effect> effects = machine.drain();
            while (!effects.isEmpty()) {
                effects.forEach(this::perform);
                effects = machine.drain();
            }
            long next = Math.max(now, machine.nextAt());
            if (next < timerAt) {
                timerAt = next;
                later(next - now, () -> onTimer(next), this);
            }
        }

        private void onTimer(long setFor) {
            if (setFor == timerAt) {
                timerAt = Long.MAX_VALUE;
                machine.onTimer(now);
            }
        }

        private void perform(Effect effect) {
            if (effect instanceof Effect.Send send) {
                packetsSent++;
                Host to = at(send.to());
                later(DELAY_NANOS, () -> to.machine.onDatagram(send.packet(), address, now), to);
            } else if (effect instanceof Effect.Verify verify) {
                machine.onVerdict(verify.check(), true, now);
            } else if (effect instanceof Effect.Content content) {
                contents.put(content.content().node().id(), content.content());
            } else if (effect instanceof Effect.SyncEnded ended && ended.complete()) {
                comparisons++;
            } else if (effect instanceof Effect.OpenStream open) {
                open(open);
            } else if (effect instanceof Effect.StreamSend send) {
                StreamEnd end = streams.get(send.stream());
                if (end != null) {
                    later(
                            DELAY_NANOS,
                            () -> end.host().machine.onStreamBytes(end.number(), send.bytes(), now),
                            end.host());
                }
            } else if (effect instanceof Effect.CloseStream close) {
                close(close.stream());
            }
        }

        private void open(Effect.OpenStream open) {
            streamsOpened++;
            Host to = at(open.to());
            if (to == this) {
                later(DELAY_NANOS, () -> machine.onStreamClosed(open.stream(), now), this);
                return;
            }
            long theirs = to.machine.onStreamAccepted(address, now);
            to.perform();
            streams.put(open.stream(), new StreamEnd(to, theirs));
            to.streams.put(theirs, new StreamEnd(this, open.stream()));
            later(DELAY_NANOS, () -> machine.onStreamOpened(open.stream(), now), this);
        }

        private void close(long number) {
            StreamEnd end = streams.remove(number);
            if (end != null) {
                later(DELAY_NANOS, () -> end.host().machine.onStreamClosed(end.number(), now), end.host());
            }
        }
    }

    private Host at(PeerAddress address) {
        return Objects.requireNonNull(byAddress.get(address), "host");
    }

    private void later(long delay, Runnable task, Host then) {
        due.add(new Due(now + delay, sequence++, () -> {
            task.run();
            then.perform();
        }));
    }

    void pass(Duration duration) {
        long end = now + duration.toNanos();
        while (!due.isEmpty() && due.element().at() <= end) {
            Due next = due.remove();
            now = next.at();
            next.task().run();
        }
        now = end;
    }
}
