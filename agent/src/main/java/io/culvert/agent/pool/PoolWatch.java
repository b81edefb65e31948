package io.culvert.agent.pool;

import io.culvert.catalog.NodeId;
import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.gossip.GossipListener;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.replication.ReplicationNotice;
import io.culvert.gossip.wire.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers what the pool reported and what is still so. Every table has a bound; what no longer fits is left out: a person
 * who reads of a thousand members needs no more of them.
 */
public final class PoolWatch implements GossipListener {
    /** What happened longer ago is history, which the log has. */
    static final Duration RECENT = Duration.ofMinutes(10);

    private static final int MOST_MEMBERS = 1_024;
    private static final int MOST_STRANGERS = 16;

    private final MonotonicClock clock;
    private final Map<NodeId, Long> byStream = new LinkedHashMap<>();
    private final Map<String, Long> otherKey = new LinkedHashMap<>();
    private final Map<NodeId, Long> skewed = new LinkedHashMap<>();
    private Optional<Long> frozenAt = Optional.empty();
    private Optional<Long> cloneAt = Optional.empty();
    private Optional<Long> pausedAt = Optional.empty();
    private long pauseNanos;
    private int healthScore;

    public PoolWatch(MonotonicClock clock) {
        this.clock = clock;
    }

    /**
     * What is so now, or was within ten minutes.
     *
     * @param byStream members that answer over streams and not over datagrams
     * @param otherKey addresses whose packets no key of this host opens
     * @param skewed owners whose clock is far from this host's
     * @param frozenFor how long removals wait already
     * @param cloned whether another process speaks with this host's key
     * @param pause the last time this process did not run
     * @param healthScore of this host: 0 is well
     */
    public record State(
            Set<NodeId> byStream,
            Set<String> otherKey,
            Set<NodeId> skewed,
            Optional<Duration> frozenFor,
            boolean cloned,
            Optional<Pause> pause,
            int healthScore) {
        public State {
            byStream = Set.copyOf(byStream);
            otherKey = Set.copyOf(otherKey);
            skewed = Set.copyOf(skewed);
        }
    }

    /** @param ago since it was noticed */
    public record Pause(Duration length, Duration ago) {}

    /** A moment's copy. Any thread. */
    public synchronized State state() {
        long now = clock.nanos();
        return new State(
                new LinkedHashSet<>(byStream.keySet()),
                recent(otherKey, now),
                recent(skewed, now),
                frozenAt.map(at -> Duration.ofNanos(now - at)),
                cloneAt.filter(at -> isRecent(at, now)).isPresent(),
                pausedAt.filter(at -> isRecent(at, now))
                        .map(at -> new Pause(Duration.ofNanos(pauseNanos), Duration.ofNanos(now - at))),
                healthScore);
    }

    private static <T> Set<T> recent(Map<T, Long> times, long now) {
        times.values().removeIf(at -> !isRecent(at, now));
        return new LinkedHashSet<>(times.keySet());
    }

    private static boolean isRecent(long at, long now) {
        return now - at < RECENT.toNanos();
    }

    @Override
    public synchronized void datagramsLost(NodeId member) {
        put(byStream, member, MOST_MEMBERS);
    }

    @Override
    public synchronized void probed(NodeId member, long roundTripNanos) {
        byStream.remove(member);
    }

    @Override
    public synchronized void memberChanged(MemberChange change) {
        if (!change.after().isRoutable()) {
            byStream.remove(change.member());
        }
    }

    @Override
    public synchronized void refused(Refusal refusal, String from) {
        if (refusal == Refusal.NOT_AUTHENTIC || refusal == Refusal.UNKNOWN_KEY) {
            // Without the port, which a sender changes at will.
            put(otherKey, from.substring(0, Math.max(0, from.lastIndexOf(':'))), MOST_STRANGERS);
        }
    }

    @Override
    public synchronized void contentNoticed(ReplicationNotice notice) {
        switch (notice.kind()) {
            case CLOCK_SKEW -> put(skewed, notice.owner(), MOST_MEMBERS);
            case OWN_IDENTITY_CLONED -> cloneSuspected();
            default -> {}
        }
    }

    private <T> void put(Map<T, Long> times, T what, int most) {
        if (times.size() < most || times.containsKey(what)) {
            times.put(what, clock.nanos());
        }
    }

    @Override
    public synchronized void cloneSuspected() {
        cloneAt = Optional.of(clock.nanos());
    }

    @Override
    public synchronized void frozen(boolean isFrozen) {
        frozenAt = isFrozen ? Optional.of(frozenAt.orElse(clock.nanos())) : Optional.empty();
    }

    @Override
    public synchronized void paused(long nanos) {
        pausedAt = Optional.of(clock.nanos());
        pauseNanos = nanos;
    }

    @Override
    public synchronized void healthScore(int score) {
        healthScore = score;
    }
}
