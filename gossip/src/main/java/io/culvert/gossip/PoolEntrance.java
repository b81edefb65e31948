package io.culvert.gossip;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.wire.PeerAddress;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the pool: asks the hosts it was told of, and those it knew before, until there is company; again when it is left
 * alone later. Confined to the gossip loop; names are resolved elsewhere.
 */
final class PoolEntrance {
    private static final Logger log = LoggerFactory.getLogger(PoolEntrance.class);
    /** Hosts asked at once. One answer is enough; a few make it likely. */
    private static final int ASKED_AT_ONCE = 8;

    private final EventLoop loop;
    private final Executor resolver;
    private final PoolLoop pool;
    private final BooleanSupplier alone;
    private final Set<PeerAddress> ourselves;
    private final Random random;
    private final Set<HostPort> told = new LinkedHashSet<>();
    private final List<PeerAddress> known = new ArrayList<>();
    private boolean asking;

    /** @param alone whether no other member is there */
    PoolEntrance(EventLoop loop, Executor resolver, PoolLoop pool, Self self, Random random) {
        this.loop = loop;
        this.resolver = resolver;
        this.pool = pool;
        this.alone = self.alone();
        this.ourselves = self.addresses();
        this.random = random;
    }

    /** What the entrance knows of its own side. */
    record Self(BooleanSupplier alone, Set<PeerAddress> addresses) {
        static Set<PeerAddress> addresses(PeerAddress advertised, IpAddress bound) {
            Set<PeerAddress> addresses = new LinkedHashSet<>();
            addresses.add(advertised);
            addresses.add(new PeerAddress(bound, advertised.port()));
            return addresses;
        }
    }

    /** Asks now, and every {@code interval} for as long as nobody else is there. */
    void keepTrying(Collection<HostPort> hosts, Collection<PeerAddress> knownBefore, Duration interval) {
        told.addAll(hosts);
        known.addAll(knownBefore);
        tryAgain();
        loop.scheduleAtFixedRate(this::tryAgain, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void tryAgain() {
        if (asking || !alone.getAsBoolean() || told.isEmpty() && known.isEmpty()) {
            return;
        }
        asking = true;
        List<HostPort> hosts = List.copyOf(told);
        resolver.execute(() -> {
            Set<PeerAddress> addresses = HostResolver.resolve(hosts);
            loop.execute(() -> ask(candidates(addresses), answered -> {
                asking = false;
                if (answered == 0) {
                    log.atWarn()
                            .addKeyValue("asked", addresses.size() + known.size())
                            .log("nobody of the pool answers yet; asked again");
                }
            }));
        });
    }

    private Set<PeerAddress> candidates(Set<PeerAddress> resolved) {
        Set<PeerAddress> candidates = new LinkedHashSet<>(resolved);
        Collections.shuffle(known, random);
        candidates.addAll(known);
        return candidates;
    }

    /** Asks {@code hosts} once; those that do not answer are asked again for as long as nobody else is there. */
    CompletableFuture<Integer> join(List<HostPort> hosts) {
        CompletableFuture<Integer> joined = new CompletableFuture<>();
        resolver.execute(() -> {
            Set<PeerAddress> addresses = HostResolver.resolve(hosts);
            loop.execute(() -> ask(addresses, answered -> {
                if (answered == 0) {
                    told.addAll(hosts);
                }
                joined.complete(answered);
            }));
        });
        return joined;
    }

    private void ask(Set<PeerAddress> addresses, java.util.function.IntConsumer done) {
        List<PeerAddress> asked = addresses.stream()
                .filter(address -> address.isDialable() && !ourselves.contains(address))
                .limit(ASKED_AT_ONCE)
                .toList();
        if (asked.isEmpty()) {
            done.accept(0);
            return;
        }
        Tally tally = new Tally(asked.size());
        for (PeerAddress address : asked) {
            pool.join(address, complete -> {
                if (tally.count(complete)) {
                    done.accept(tally.answered);
                }
            });
        }
    }

    private static final class Tally {
        private int open;
        private int answered;

        Tally(int open) {
            this.open = open;
        }

        /** @return whether this was the last one */
        boolean count(boolean complete) {
            answered += complete ? 1 : 0;
            open--;
            return open == 0;
        }
    }
}
