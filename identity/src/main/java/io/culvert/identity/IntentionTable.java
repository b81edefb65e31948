package io.culvert.identity;

import io.culvert.identity.Intention.Pair;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All intentions of a mesh at one version. Immutable. Only the single highest match counts; without one: deny. */
public final class IntentionTable {
    /** Bound on what an agent keeps and the servers accept. */
    public static final int MOST_INTENTIONS = 16_384;

    public static final IntentionTable EMPTY = new IntentionTable(0, Map.of());

    private static final Comparator<Intention> BY_PRECEDENCE = Comparator.comparingInt(Intention::precedence)
            .reversed()
            .thenComparing(intention -> intention.pair().destination())
            .thenComparing(intention -> intention.pair().source());

    private final long version;
    private final Map<Pair, Intention> byPair;

    private IntentionTable(long version, Map<Pair, Intention> byPair) {
        this.version = version;
        this.byPair = byPair;
    }

    /** Throws {@link IllegalArgumentException} when two intentions have one pair, or there are too many. */
    public static IntentionTable of(long version, Collection<Intention> intentions) {
        if (intentions.size() > MOST_INTENTIONS) {
            throw new IllegalArgumentException(
                    intentions.size() + " intentions (expected: at most " + MOST_INTENTIONS + ")");
        }
        Map<Pair, Intention> byPair = new HashMap<>();
        for (Intention intention : intentions) {
            Intention other = byPair.putIfAbsent(intention.pair(), intention);
            if (other != null) {
                throw new IllegalArgumentException("intention " + intention.pair() + " is given twice: "
                        + other.origin() + " and " + intention.origin());
            }
        }
        return new IntentionTable(version, Map.copyOf(byPair));
    }

    /** Grows with each change; 0 for the empty table before the first. */
    public long version() {
        return version;
    }

    /** By falling precedence, then destination, then source. */
    public List<Intention> intentions() {
        return byPair.values().stream().sorted(BY_PRECEDENCE).toList();
    }

    public Optional<Intention> exact(Pair pair) {
        return Optional.ofNullable(byPair.get(pair));
    }

    /**
     * Whether {@code source} may open streams to {@code destination}.
     *
     * @param source what {@link SpiffeId#intentionSource} gives: a service's name or {@code host/NODE}
     * @param destination a service's name
     */
    public Decision decide(String source, String destination) {
        Pair exact = Pair.of(source, destination);
        Intention match = first(
                exact,
                new Pair(Intention.ANY, exact.destination()),
                new Pair(exact.source(), Intention.ANY),
                new Pair(Intention.ANY, Intention.ANY));
        return match == null ? Decision.DEFAULT_DENY : Decision.by(match);
    }

    /** Whether the peer that was verified as {@code source} may open streams to {@code destination}. */
    public Decision decide(SpiffeId source, ServiceIdentity destination) {
        return decide(source.intentionSource(), destination.intentionSource());
    }

    private @Nullable Intention first(Pair... byFallingPrecedence) {
        for (Pair pair : byFallingPrecedence) {
            Intention intention = byPair.get(pair);
            if (intention != null) {
                return intention;
            }
        }
        return null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IntentionTable table && table.version == version && table.byPair.equals(byPair);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(version) + byPair.hashCode();
    }

    @Override
    public String toString() {
        return "IntentionTable[version " + version + ", " + byPair.size() + " intentions]";
    }
}
