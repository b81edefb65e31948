package io.culvert.gossip.core;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.gossip.identity.NodeKey;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.membership.MembershipPort;
import io.culvert.gossip.membership.Signer;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.replication.ReplicationNotice;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.Refusal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A few whole machines with real keys, real encryption and real signatures in virtual time, on a network that loses
 * nothing; and, for those who attack them, what leaves for any address.
 */
final class KeyedPool {
    static final PoolLabel LABEL = new PoolLabel("test");

    final SecureRandom random = new SecureRandom();
    final PoolKey key = PoolKey.generate(random);
    final KeySchedules keys = new KeySchedules(LABEL, Keyring.of(key));
    final List<Host> hosts = new ArrayList<>();
    /** Datagrams that left for an address where no host is. */
    final Map<PeerAddress, List<byte[]>> strays = new HashMap<>();

    private final SplittableRandom chance;
    private final Deque<Runnable> network = new ArrayDeque<>();
    private final Map<Long, End> streams = new HashMap<>();
    private long now = 1_000_000_000L;
    private long wallSeconds = 1_800_000_000L;

    KeyedPool(long seed) {
        this.chance = new SplittableRandom(seed);
    }

    /** Where what is sent into one end of a stream comes out. */
    private record End(Host host, long number) {}

    /** One member, and all that it let the outside know. */
    final class Host {
        final NodeKey key;
        final PeerAddress address;
        final EnvelopeGuard guard;
        final GossipMachine machine;
        final Map<NodeId, NodeContent> contents = new HashMap<>();
        final Map<NodeId, Liveness> liveness = new HashMap<>();
        final Set<String> livenessSeen = new HashSet<>();
        final Map<Refusal, Integer> refusals = new EnumMap<>(Refusal.class);
        final Map<ReplicationNotice.Kind, Integer> notices = new EnumMap<>(ReplicationNotice.Kind.class);
        int badSignatures;
        int checks;
        final List<byte[]> sent = new ArrayList<>();

        private Host(int number, NodeKey key, KeySchedules keys) {
            this.key = key;
            guard = new EnvelopeGuard(keys, key.id(), random);
            address = new PeerAddress(IpAddress.ofIpv4(0x0a000000 + number), 8301);
            Signer signer = new Signer() {
                @Override
                public PublicKeyBytes publicKey() {
                    return key.publicKey();
                }

                @Override
                public byte[] sign(SignatureDomain domain, byte[] message) {
                    return key.sign(domain, LABEL, message);
                }
            };
            machine = new GossipMachine(
                    new GossipMachine.Parts(
                            SwimSettings.lan(),
                            new Membership.Identity(signer, address, 8443, false),
                            wallSeconds,
                            new GossipMachine.Security(guard, new EnvelopeStreams(key.id(), random), keys),
                            new GossipMachine.Chance(chance.split(), () -> Instant.ofEpochSecond(wallSeconds))),
                    now);
            machine.start(now);
        }

        NodeId id() {
            return key.id();
        }

        /** Changes the keys, as the agent does. */
        void use(KeySchedules changed) {
            guard.use(changed);
            machine.use(changed);
        }

        void publish(String... services) {
            List<ServiceInstance> instances = new ArrayList<>();
            for (String service : services) {
                instances.add(ServiceInstance.of(service, service, 80));
            }
            NodeRecord record = new NodeRecord(
                    id(), new NodeName("h" + hosts.indexOf(this)), address.ip(), "dc1", Map.of(), 8443, false, "1.0");
            machine.publish(new NodeContent(record, instances, List.of()), now);
            settle();
        }

        List<String> servicesOf(Host owner) {
            NodeContent content = contents.get(owner.id());
            return content == null
                    ? List.of()
                    : content.services().stream().map(ServiceInstance::id).toList();
        }

        /** Performs what the machine wants, after it was called directly. */
        void settleNow() {
            settle();
        }

        private void settle() {
            for (List<Effect> effects = machine.drain(); !effects.isEmpty(); effects = machine.drain()) {
                effects.forEach(this::perform);
            }
        }

        private void perform(Effect effect) {
            if (effect instanceof Effect.Send send) {
                sent.add(send.packet());
                network.add(() -> deliver(send.packet(), address, send.to()));
            } else if (effect instanceof Effect.OpenStream open) {
                network.add(() -> connect(this, open.stream(), open.to()));
            } else if (effect instanceof Effect.StreamSend send) {
                End end = streams.get(global(this, send.stream()));
                network.add(() -> arrive(end, send.bytes()));
            } else if (effect instanceof Effect.CloseStream close) {
                End end = streams.remove(global(this, close.stream()));
                network.add(() -> ended(end));
            } else if (effect instanceof Effect.Verify verify) {
                checks++;
                boolean genuine = verify.check().isGenuine(LABEL);
                network.add(() -> {
                    machine.onVerdict(verify.check(), genuine, now);
                    settle();
                });
            } else {
                observe(effect);
            }
        }

        private void observe(Effect effect) {
            if (effect instanceof Effect.Changed changed) {
                liveness.put(changed.change().member(), changed.change().after());
                livenessSeen.add(
                        changed.change().member() + " " + changed.change().after());
            } else if (effect instanceof Effect.Content content) {
                contents.put(content.content().node().id(), content.content());
            } else if (effect instanceof Effect.Refused refused) {
                refusals.merge(refused.refusal(), 1, Integer::sum);
            } else if (effect instanceof Effect.ContentNotice notice) {
                notices.merge(notice.notice().kind(), 1, Integer::sum);
            } else if (effect instanceof Effect.Notice notice
                    && notice.notice() instanceof MembershipPort.BadSignature) {
                badSignatures++;
            }
        }
    }

    Host add() {
        return add(keys);
    }

    Host add(KeySchedules with) {
        Host host = new Host(hosts.size() + 1, NodeKey.generate(random), with);
        hosts.add(host);
        if (hosts.size() > 1) {
            host.machine.join(1, hosts.get(0).address, now);
        }
        host.settle();
        run(Duration.ZERO);
        return host;
    }

    /** The same host in its next life, alone until it is told of others. */
    Host restart(Host old) {
        wallSeconds++;
        int at = hosts.indexOf(old);
        Host host = new Host(at + 1, old.key, keys);
        hosts.set(at, host);
        host.settle();
        return host;
    }

    long now() {
        return now;
    }

    /** A datagram as if it came from {@code from}, which need not be a host's. */
    void datagram(byte[] packet, PeerAddress from, Host to) {
        to.machine.onDatagram(packet, from, now);
        to.settle();
    }

    private void deliver(byte[] packet, PeerAddress from, PeerAddress to) {
        Host host = at(to);
        if (host == null) {
            strays.computeIfAbsent(to, address -> new ArrayList<>()).add(packet);
        } else {
            datagram(packet, from, host);
        }
    }

    private @org.jspecify.annotations.Nullable Host at(PeerAddress address) {
        return hosts.stream()
                .filter(host -> host.address.equals(address))
                .findFirst()
                .orElse(null);
    }

    private long global(Host host, long number) {
        return (long) hosts.indexOf(host) << 32 | number;
    }

    private void connect(Host from, long number, PeerAddress to) {
        Host host = at(to);
        long theirs = host == null ? 0 : host.machine.onStreamAccepted(from.address, now);
        if (host == null || theirs == 0) {
            from.machine.onStreamClosed(number, now);
            from.settle();
            return;
        }
        streams.put(global(from, number), new End(host, theirs));
        streams.put(global(host, theirs), new End(from, number));
        host.settle();
        from.machine.onStreamOpened(number, now);
        from.settle();
    }

    private void arrive(@org.jspecify.annotations.Nullable End end, byte[] bytes) {
        if (end != null && streams.containsKey(global(end.host(), end.number()))) {
            end.host().machine.onStreamBytes(end.number(), bytes, now);
            end.host().settle();
        }
    }

    private void ended(@org.jspecify.annotations.Nullable End end) {
        if (end != null && streams.remove(global(end.host(), end.number())) != null) {
            end.host().machine.onStreamClosed(end.number(), now);
            end.host().settle();
        }
    }

    /** Lets time pass, and everything happen that is due. */
    void run(Duration duration) {
        long until = now + duration.toNanos();
        while (true) {
            while (!network.isEmpty()) {
                network.remove().run();
            }
            long next = hosts.stream()
                    .mapToLong(host -> host.machine.nextAt())
                    .min()
                    .orElse(Long.MAX_VALUE);
            if (next > until) {
                break;
            }
            wallSeconds += (Math.max(now, next) - now) / 1_000_000_000L;
            now = Math.max(now, next);
            for (Host host : hosts) {
                if (host.machine.nextAt() <= now) {
                    host.machine.onTimer(now);
                    host.settle();
                }
            }
        }
        now = until;
    }
}
