package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.membership.SwimRules;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.testbed.simulator.fault.Pardons;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What all invariants look at: time, hosts, and who has an excuse. */
public final class Watch {
    private static final long SECOND = 1_000_000_000L;

    private final LongSupplier clock;
    private final SwimSettings settings;
    private final List<Host> hosts = new ArrayList<>();
    private final Map<NodeId, Host> byId = new HashMap<>();
    private long[] sentBytes = new long[64];
    private Pardons pardons = Pardons.NOBODY;

    /** @param clock nanoseconds since the beginning */
    public Watch(LongSupplier clock, SwimSettings settings) {
        this.clock = clock;
        this.settings = settings;
    }

    /** A host sent a datagram. Called for each: it must cost nothing. */
    void sent(Host host, int bytes) {
        int number = host.number();
        if (number >= sentBytes.length) {
            sentBytes = Arrays.copyOf(sentBytes, Math.max(2 * sentBytes.length, number + 1));
        }
        sentBytes[number] += bytes;
    }

    /** Since the beginning. */
    long sentBytes(Host host) {
        return host.number() < sentBytes.length ? sentBytes[host.number()] : 0;
    }

    void add(Host host) {
        hosts.add(host);
        byId.put(host.id(), host);
    }

    void pardons(Pardons changed) {
        pardons = changed;
    }

    Pardons pardons() {
        return pardons;
    }

    long now() {
        return clock.getAsLong();
    }

    SwimSettings settings() {
        return settings;
    }

    List<Host> hosts() {
        return hosts;
    }

    /** Those who run and are awake. */
    List<Host> running() {
        return hosts.stream().filter(Host::isRunning).toList();
    }

    /** Null for who is not of the pool: invented by somebody hostile. */
    @Nullable
    Host find(NodeId id) {
        return byId.get(id);
    }

    /** Whether faults excuse mistakes of or about this host at any moment from {@code since} on. */
    boolean isPardoned(Host host, long since) {
        return pardons.any(host.number(), since, now());
    }

    /** The same for the last few suspicions' time. */
    boolean isPardonedLately(Host host) {
        return isPardoned(host, now() - 2 * longestSuspicion());
    }

    long shortestSuspicion() {
        return SwimRules.shortestSuspicionNanos(settings, hosts.size());
    }

    long longestSuspicion() {
        return SwimRules.longestSuspicionNanos(settings, hosts.size());
    }

    /** B(n): a crash is known everywhere within this. */
    long detectionBound() {
        return 2 * longestSuspicion() + 10 * SECOND;
    }

    long comparisonRound() {
        // Give or take a fifth.
        return settings.spread().antiEntropyInterval().toNanos() * 6 / 5;
    }

    /** After faults end everybody agrees within this: three rounds of comparisons for each doubling of the pool. */
    long agreementBound() {
        int doublings = Math.max(1, 32 - Integer.numberOfLeadingZeros(hosts.size() - 1));
        return 3L * doublings * settings.spread().antiEntropyInterval().toNanos();
    }
}
