package io.culvert.testbed.simulator.fault;

import java.util.ArrayList;
import java.util.List;

/** Who has an excuse for being mistaken, or mistaken for dead, and when: what a script does to its hosts. */
public final class Pardons {
    public static final Pardons NOBODY = new Pardons(List.of(), FaultScript.of(), 0);
    private static final long SECOND = 1_000_000_000L;

    private final List<Pardon> pardons;
    private final FaultScript script;
    private final long origin;

    private record Pardon(Hosts hosts, long from, long to) {}

    private Pardons(List<Pardon> pardons, FaultScript script, long origin) {
        this.pardons = pardons;
        this.script = script;
        this.origin = origin;
    }

    /** @param origin when the script begins, in nanoseconds */
    public static Pardons of(FaultScript script, long origin) {
        List<Pardon> pardons = new ArrayList<>();
        for (Fault fault : script.faults()) {
            Hosts excused = fault.excuses();
            if (!excused.equals(Hosts.NONE)) {
                pardons.add(new Pardon(excused, origin + from(fault), origin + to(fault)));
            }
            if (fault instanceof LinkFault lossy && lossy.lossShare() > 0) {
                pardons.addAll(added(lossy, script, origin));
            }
        }
        return new Pardons(pardons, script, origin);
    }

    // What one loss alone does not excuse, two together may.
    private static List<Pardon> added(LinkFault one, FaultScript script, long origin) {
        List<Pardon> pardons = new ArrayList<>();
        for (Fault other : script.faults()) {
            boolean both = other != one
                    && other instanceof LinkFault lossy
                    && from(one) < to(other)
                    && from(other) < to(one)
                    && one.lossShare() + lossy.lossShare() > Excuses.LOSS_BORNE;
            if (both) {
                Hosts narrower = Excuses.either(one.from(), one.to());
                Hosts others = Excuses.either(((LinkFault) other).from(), ((LinkFault) other).to());
                pardons.add(new Pardon(
                        narrower.equals(Hosts.ALL) ? others : narrower, origin + from(one), origin + to(one)));
            }
        }
        return pardons;
    }

    private static long from(Fault fault) {
        return fault.at().toNanos();
    }

    private static long to(Fault fault) {
        return from(fault) + fault.length().toNanos();
    }

    /** Whether there is an excuse for {@code host} at any moment between the two, in nanoseconds. */
    public boolean any(int host, long since, long until) {
        for (Pardon pardon : pardons) {
            if (pardon.from <= until && pardon.to >= since && pardon.hosts.contains(host)) {
                return true;
            }
        }
        return false;
    }

    public boolean areNone() {
        return pardons.isEmpty();
    }

    /** The share of packets that is lost at worst. */
    public double loss() {
        return script.faults().stream()
                .mapToDouble(fault -> fault instanceof LinkFault lossy ? lossy.lossShare() : 0)
                .sum();
    }

    /** Whether packets are damaged on their way now, or were a moment ago. */
    public boolean isDamaging(long now) {
        return script.faults().stream()
                .filter(fault -> fault instanceof LinkFault.BitFlip || fault instanceof LinkFault.Truncation)
                .anyMatch(fault -> origin + from(fault) <= now && origin + to(fault) + 60 * SECOND >= now);
    }
}
