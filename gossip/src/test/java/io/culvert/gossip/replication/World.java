package io.culvert.gossip.replication;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.replication.ReplicationNotice.Kind;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.MalformedFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A few {@link Replication} machines in virtual time, with a network that loses, repeats and delays, and verdicts that
 * come late and out of order. One seed, one course of events.
 */
final class World {
    static final long MILLIS = 1_000_000L;
    private static final TreeKey TREE_KEY = new TreeKey(1, new byte[16]);

    final SplittableRandom random;
    final List<Host> hosts = new ArrayList<>();
    double loss;
    double duplication;
    /** Comparisons of trees take place. */
    boolean comparing = true;

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::sequence));
    private long sequence;
    private long now;
    private long wallSeconds = 1_800_000_000L;

    private record Due(long at, long sequence, Runnable task) {}

    World(SplittableRandom random) {
        this.random = random;
    }

    /** One host and all that it did to the outside. */
    final class Host implements ReplicationPort {
        final FakeKey key;
        final Replication replication;
        final Map<NodeId, NodeContent> catalog = new HashMap<>();
        final Map<NodeId, Long> versions = new HashMap<>();
        final Map<Kind, Integer> notices = new EnumMap<>(Kind.class);
        final List<NodeId> forgotten = new ArrayList<>();
        final List<Frame.Content> sent = new ArrayList<>();
        final List<Long> epochsSeen = new ArrayList<>();
        /** What it really told of itself: a recovery may be told later than it was published. */
        final List<NodeContent> told = new ArrayList<>();

        NodeContent published;
        boolean down;
        boolean streamsBroken;
        int verifications;
        int streamPulls;

        Host(FakeKey key, long epoch, ReplicationSettings settings) {
            this.key = key;
            this.replication = new Replication(
                    settings, new Replication.Identity(key.id(), key, epoch), TREE_KEY, random.split(), this);
            this.published = Contents.of(key.id(), 0, io.culvert.catalog.CheckStatus.PASSING);
        }

        NodeId id() {
            return key.id();
        }

        void publish(NodeContent content) {
            try {
                replication.publish(content, moment());
                published = content;
            } catch (ContentRefused unexpected) {
                throw new AssertionError(unexpected);
            }
        }

        int count(Kind kind) {
            return notices.getOrDefault(kind, 0);
        }

        @Override
        public void send(NodeId to, Frame.Content frame) {
            sent.add(frame);
            datagram(this, to, frame);
        }

        @Override
        public void pullByStream(NodeId from, Pull pull) {
            streamPulls++;
            stream(this, from, pull);
        }

        @Override
        public void pullFromAnother(NodeId except, Pull pull) {
            streamPulls++;
            hosts.stream()
                    .filter(host -> host != this && !host.id().equals(except) && !host.down)
                    .findFirst()
                    .ifPresentOrElse(
                            host -> stream(this, host.id(), pull),
                            () -> later(1, () -> replication.onPullEnded(pull.owner(), moment())));
        }

        @Override
        public void verify(long ticket, Head head, PublicKeyBytes publicKey) {
            verifications++;
            boolean authentic = FakeKey.isSigned(head, publicKey);
            later(random.nextInt(30), () -> replication.onVerdict(ticket, authentic, moment()));
        }

        @Override
        public void changed(NodeContent content, boolean member) {
            catalog.put(content.node().id(), content);
            if (content.node().id().equals(id())) {
                told.add(content);
            }
        }

        @Override
        public void forgotten(NodeId owner) {
            forgotten.add(owner);
            catalog.remove(owner);
        }

        @Override
        public void noticed(ReplicationNotice notice) {
            notices.merge(notice.kind(), 1, Integer::sum);
        }

        @Override
        public void ownEpochSeen(long epoch) {
            epochsSeen.add(epoch);
            later(5, () -> replication.adoptEpoch(epoch + 1, moment()));
        }
    }

    Host add() {
        return add(FakeKey.random(random), 100, ReplicationSettings.DEFAULT);
    }

    Host add(FakeKey key, long epoch, ReplicationSettings settings) {
        Host host = new Host(key, epoch, settings);
        hosts.add(host);
        tick(host);
        compare(host);
        return host;
    }

    /** Everybody's membership knows everybody. */
    void introduceAll() {
        for (Host host : hosts) {
            for (Host other : hosts) {
                host.replication.memberChanged(other.id(), other.key.publicKey(), Liveness.ALIVE, moment());
            }
        }
    }

    Moment moment() {
        return new Moment(now, wallSeconds + now / 1_000 / MILLIS);
    }

    void run(Duration duration) {
        long until = now + duration.toNanos();
        while (!due.isEmpty() && due.peek().at() <= until) {
            Due next = due.poll();
            now = next.at();
            next.task().run();
        }
        now = until;
    }

    void later(long millis, Runnable task) {
        due.add(new Due(now + millis * MILLIS, sequence++, task));
    }

    /** One frame to one host, as the network treats it. */
    void datagram(Host from, NodeId to, Frame.Content frame) {
        for (int copies = random.nextDouble() < duplication ? 2 : 1; copies > 0; copies--) {
            if (random.nextDouble() >= loss) {
                later(1 + random.nextInt(50), () -> deliver(from, to, frame));
            }
        }
    }

    private void deliver(Host from, NodeId to, Frame.Content frame) {
        for (Host host : hosts) {
            if (host.id().equals(to) && !host.down && !from.down) {
                host.replication.onFrame(from.id(), frame, moment());
            }
        }
    }

    private void stream(Host asker, NodeId to, Pull pull) {
        later(5 + random.nextInt(50), () -> {
            for (Host host : hosts) {
                if (host.id().equals(to) && !host.down && !host.streamsBroken && !asker.down) {
                    Repair repair = host.replication.repairFor(pull);
                    if (repair != null) {
                        asker.replication.onFrame(to, repair.frame(), moment());
                    }
                }
            }
            later(40, () -> asker.replication.onPullEnded(pull.owner(), moment()));
        });
    }

    private void tick(Host host) {
        later(200, () -> {
            if (!host.down) {
                host.replication.onTick(moment());
                gossip(host);
            }
            tick(host);
        });
    }

    private void gossip(Host host) {
        Host listener = hosts.get(random.nextInt(hosts.size()));
        if (listener != host) {
            host.replication
                    .rumours()
                    .take(new ContentRumours.Round(), 1_200, hosts.size())
                    .forEach(frame -> datagram(host, listener.id(), frame));
        }
    }

    private void compare(Host host) {
        later(8_000 + random.nextInt(4_000), () -> {
            Host peer = hosts.get(random.nextInt(hosts.size()));
            if (comparing && peer != host && !host.down && !peer.down) {
                Comparisons.run(host, peer, moment());
            }
            compare(host);
        });
    }

    static ReplicationFrame read(Frame.Content frame) {
        try {
            return ReplicationFrame.read(frame);
        } catch (MalformedFrame unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
