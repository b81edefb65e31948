package io.culvert.proxy.balance;

import io.culvert.catalog.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Chooses among the instances of a service: of two drawn by chance the one with fewer streams for its weight. Instances
 * that were tried are left out, hosts that were tried come last; those that failed of late are left out unless they are
 * half of all or more, when the fault is likelier ours. Pure.
 */
final class Picker {
    private Picker() {}

    /**
     * One instance that may be chosen.
     *
     * @param active streams from this agent to it
     * @param weight above 0
     * @param ejected whether it failed of late
     */
    record Candidate(InstanceKey key, int active, int weight, boolean ejected) {
        double load() {
            return (active + 1.0) / weight;
        }
    }

    static Optional<Candidate> pick(List<Candidate> all, Set<InstanceKey> tried, RandomGenerator random) {
        List<Candidate> left = keep(all, candidate -> !tried.contains(candidate.key()));
        if (left.isEmpty()) {
            return Optional.empty();
        }
        List<NodeId> triedHosts = tried.stream().map(InstanceKey::host).toList();
        left = preferring(
                left, candidate -> !triedHosts.contains(candidate.key().host()));
        long ejected = all.stream().filter(Candidate::ejected).count();
        if (2 * ejected <= all.size()) {
            left = preferring(left, candidate -> !candidate.ejected());
        }
        return Optional.of(lighterOfTwo(left, random));
    }

    private static Candidate lighterOfTwo(List<Candidate> candidates, RandomGenerator random) {
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        int first = random.nextInt(candidates.size());
        int second = random.nextInt(candidates.size() - 1);
        Candidate one = candidates.get(first);
        Candidate other = candidates.get(second >= first ? second + 1 : second);
        return one.load() <= other.load() ? one : other;
    }

    private static List<Candidate> preferring(List<Candidate> candidates, Predicate<Candidate> wish) {
        List<Candidate> wished = keep(candidates, wish);
        return wished.isEmpty() ? candidates : wished;
    }

    private static List<Candidate> keep(List<Candidate> candidates, Predicate<Candidate> which) {
        List<Candidate> kept = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            if (which.test(candidate)) {
                kept.add(candidate);
            }
        }
        return kept;
    }
}
