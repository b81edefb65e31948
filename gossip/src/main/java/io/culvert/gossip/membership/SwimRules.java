package io.culvert.gossip.membership;

/** The formulas of SWIM and Lifeguard as memberlist uses them. {@code StrictMath}, so that runs repeat on any JDK. */
public final class SwimRules {
    private SwimRules() {}

    /** Shortest suspicion in a pool of {@code members}. */
    public static long shortestSuspicionNanos(SwimSettings settings, int members) {
        double scale = Math.max(1.0, StrictMath.log10(Math.max(1, members)));
        double millis = settings.suspicion().multiplier()
                * scale
                * settings.probe().interval().toMillis();
        return StrictMath.round(millis) * 1_000_000L;
    }

    /** Longest suspicion in a pool of {@code members}. */
    public static long longestSuspicionNanos(SwimSettings settings, int members) {
        return settings.suspicion().maxMultiplier() * shortestSuspicionNanos(settings, members);
    }

    /** How many others have to say the same before a suspicion is as short as it may be. */
    public static int confirmationsWanted(SwimSettings settings, int members) {
        int wanted = Math.max(0, settings.suspicion().multiplier() - 2);
        // Fewer others than that: they could never be had.
        return members - 2 < wanted ? 0 : wanted;
    }

    /** How long a suspicion lasts that has {@code confirmations} of {@code wanted}. */
    public static long suspicionNanos(long shortest, long longest, int wanted, int confirmations) {
        if (wanted < 1) {
            return shortest;
        }
        double share = StrictMath.log(confirmations + 1.0) / StrictMath.log(wanted + 1.0);
        return Math.max(shortest, (long) (longest - (longest - shortest) * share));
    }

    /** How often one member repeats a rumour in a pool of {@code members}. */
    public static int copies(int multiplier, int members) {
        return multiplier * (int) StrictMath.ceil(StrictMath.log10(members + 1.0));
    }
}
