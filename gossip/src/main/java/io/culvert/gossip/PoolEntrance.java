package io.culvert.gossip;

import io.culvert.gossip.wire.PeerAddress;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Finds the pool. While nobody of it answers, the hosts that people wrote down are asked, and some of those it knew
 * before; again when it is left alone later. Among others, it looks now and then for written hosts that are no members:
 * so two halves that found each other only become one pool. It never gives up. Confined to the gossip loop; names are
 * looked up elsewhere.
 */
final class PoolEntrance {
    private static final Logger log = LoggerFactory.getLogger(PoolEntrance.class);
    /** Hosts asked at once. One answer is enough; a few make it likely. */
    private static final int ASKED_AT_ONCE = 8;
    /**
     * Among others only each so manyth round asks anybody: what is looked for then are hosts of the same list that found
     * each other only.
     */
    private static final int QUIET_ROUNDS = 10;
    /** Of those known before, in one round: each silent batch costs the time of a connection that fails. */
    private static final int MOST_KNOWN_A_ROUND = 64;
    /** People write a handful; more of them come only from whoever calls the API in a loop. */
    private static final int MOST_WRITTEN = 256;

    private final EventExecutor loop;
    private final SeedNames names;
    private final Pool pool;
    private final Random random;
    private final LongSupplier nanos;
    private final Set<HostPort> written = new LinkedHashSet<>();
    private final List<PeerAddress> known = new ArrayList<>();
    private @Nullable JoinPace pace;
    private @Nullable ScheduledFuture<?> next;
    private boolean stopped;
    private boolean answeredBefore;
    private int silentRounds;
    private int quietRounds;
    private volatile Told told = new Told(JoinStatus.NOT_STARTED, 0, false);

    /** The pool, as far as the search for it goes. All of it on the loop. */
    interface Pool {
        /** Contacts whoever is at {@code address}; {@code ended} hears whether it took part. */
        void ask(PeerAddress address, Consumer<Boolean> ended);

        /** Where present members are. */
        Set<PeerAddress> present();

        /** Whether a present member has answered this process. */
        boolean hasAnswered();

        /** Where this host would reach itself. */
        OwnAddresses ourselves();
    }

    /** Where and when it runs. */
    record Surroundings(EventExecutor loop, SeedNames names, Random random, LongSupplier nanos) {}

    /** A status with the moment of the next round. */
    private record Told(JoinStatus status, long nextAt, boolean scheduled) {}

    PoolEntrance(Surroundings surroundings, Pool pool) {
        this.loop = surroundings.loop();
        this.names = surroundings.names();
        this.random = surroundings.random();
        this.nanos = surroundings.nanos();
        this.pool = pool;
    }

    /**
     * Asks now, and for as long as nobody else is there.
     *
     * @param longest between two rounds
     */
    void keepTrying(Collection<HostPort> hosts, Collection<PeerAddress> knownBefore, Duration longest) {
        written.addAll(hosts);
        known.addAll(knownBefore);
        JoinPace chosen = new JoinPace(longest, random);
        pace = chosen;
        round(chosen);
    }

    /** How it goes. Any thread. */
    JoinStatus status() {
        Told last = told;
        JoinStatus status = last.status();
        Optional<Duration> nextIn = last.scheduled()
                ? Optional.of(Duration.ofNanos(Math.max(0, last.nextAt() - nanos.getAsLong())))
                : Optional.empty();
        return new JoinStatus(status.searching(), status.silentRounds(), status.asked(), status.unresolved(), nextIn);
    }

    private boolean isInCompany() {
        Set<PeerAddress> present = pool.present();
        answeredBefore &= !present.isEmpty();
        return !present.isEmpty() && (answeredBefore || pool.hasAnswered());
    }

    private void round(JoinPace chosen) {
        next = null;
        if (isForNobody() || isInCompany() && quietRounds-- > 0) {
            schedule(chosen, chosen.inCompany());
            tell(new Round(List.of(), List.of()), true);
            return;
        }
        quietRounds = QUIET_ROUNDS;
        names.resolve(List.copyOf(written), resolved -> {
            boolean company = isInCompany();
            List<PeerAddress> wanted = candidates(resolved.addresses(), company);
            Round asked = new Round(wanted, resolved.unresolved());
            tell(asked, company);
            askInTurn(new ArrayDeque<>(wanted), answered -> {
                schedule(chosen, company ? chosen.inCompany() : outcome(chosen, asked, answered));
                tell(asked, company || answered > 0);
            });
        });
    }

    private boolean isForNobody() {
        return written.isEmpty() && known.isEmpty();
    }

    private record Round(List<PeerAddress> asked, List<String> unresolved) {
        /** Nobody is missed when all that is written stands for this host itself. */
        boolean isForNothing() {
            return asked.isEmpty() && unresolved.isEmpty();
        }
    }

    private Duration outcome(JoinPace chosen, Round round, int answered) {
        if (answered > 0) {
            log.atInfo().addKeyValue("answered", answered).log("found the pool");
            answeredBefore = true;
            silentRounds = 0;
            quietRounds = 1;
            return chosen.inCompany();
        }
        silentRounds++;
        Duration wait = chosen.afterSilence();
        log.atLevel(round.isForNothing() ? Level.DEBUG : Level.WARN)
                .addKeyValue("asked", round.asked())
                .addKeyValue("unresolved", round.unresolved())
                .addKeyValue("round", silentRounds)
                .addKeyValue("next_in_ms", wait.toMillis())
                .log("nobody of the pool answers yet: are agents running there, and is TCP to their gossip port open?");
        return wait;
    }

    /** Asks no more. */
    void stop() {
        stopped = true;
        ScheduledFuture<?> scheduled = next;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }

    private void schedule(JoinPace chosen, Duration wait) {
        if (stopped) {
            return;
        }
        next = loop.schedule(() -> round(chosen), wait.toNanos(), TimeUnit.NANOSECONDS);
        told = new Told(told.status(), nanos.getAsLong() + wait.toNanos(), true);
    }

    private void tell(Round round, boolean company) {
        List<String> shown = round.asked().stream()
                .limit(JoinStatus.MOST_SHOWN)
                .map(PeerAddress::toString)
                .toList();
        boolean searching = !company && !round.isForNothing();
        told = new Told(
                new JoinStatus(searching, searching ? silentRounds : 0, shown, round.unresolved(), Optional.empty()),
                told.nextAt(),
                next != null);
    }

    /** Of the written ones those who are not members yet; while alone also some who were. By chance: load is shared. */
    private List<PeerAddress> candidates(Set<PeerAddress> resolved, boolean company) {
        OwnAddresses ourselves = pool.ourselves();
        Set<PeerAddress> present = company ? pool.present() : Set.of();
        List<PeerAddress> first = new ArrayList<>(resolved);
        Collections.shuffle(first, random);
        Set<PeerAddress> candidates = new LinkedHashSet<>(first);
        if (!company) {
            Collections.shuffle(known, random);
            candidates.addAll(known.subList(0, Math.min(known.size(), MOST_KNOWN_A_ROUND)));
        }
        candidates.removeIf(
                address -> !address.isDialable() || ourselves.contains(address) || present.contains(address));
        return List.copyOf(candidates);
    }

    /** A few at once, until somebody answers or all were asked. */
    private void askInTurn(Deque<PeerAddress> left, IntConsumer done) {
        List<PeerAddress> batch = new ArrayList<>();
        while (!left.isEmpty() && batch.size() < ASKED_AT_ONCE) {
            batch.add(left.removeFirst());
        }
        ask(batch, answered -> {
            if (answered > 0 || left.isEmpty()) {
                done.accept(answered);
            } else {
                askInTurn(left, done);
            }
        });
    }

    /**
     * Asks {@code hosts} once, all of them. Those that do not answer are asked again for as long as nobody else is there.
     *
     * @return how many answered
     */
    CompletableFuture<Integer> join(List<HostPort> hosts) {
        CompletableFuture<Integer> joined = new CompletableFuture<>();
        names.resolve(hosts, resolved -> {
            OwnAddresses ourselves = pool.ourselves();
            List<PeerAddress> asked = resolved.addresses().stream()
                    .filter(address -> address.isDialable() && !ourselves.contains(address))
                    .limit(ASKED_AT_ONCE)
                    .toList();
            ask(asked, answered -> {
                answeredBefore |= answered > 0;
                if (answered == 0) {
                    remember(hosts);
                }
                joined.complete(answered);
            });
        });
        return joined;
    }

    private void remember(List<HostPort> hosts) {
        for (HostPort host : hosts) {
            if (written.size() < MOST_WRITTEN) {
                written.add(host);
            }
        }
        JoinPace chosen = pace;
        ScheduledFuture<?> scheduled = next;
        if (chosen != null && scheduled != null && !isInCompany() && scheduled.cancel(false)) {
            schedule(chosen, chosen.afterSilence());
        }
    }

    private void ask(List<PeerAddress> addresses, IntConsumer done) {
        if (addresses.isEmpty()) {
            done.accept(0);
            return;
        }
        Tally tally = new Tally(addresses.size());
        for (PeerAddress address : addresses) {
            pool.ask(address, complete -> {
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
