package io.culvert.testbed.simulator;

import java.util.Locale;
import java.util.Optional;

/** Whether a pool fits into this process: every host keeps every other, so memory grows with the square. */
final class Capacity {
    /** Of one host about another: its row of the member table, its content's place, the session of its packets. Measured. */
    private static final long BYTES_A_PAIR = 420;
    /** What one host needs for itself. */
    private static final long BYTES_A_HOST = 40_000;

    private static final double GIBIBYTE = 1L << 30;

    private Capacity() {}

    /** Why {@code members} do not fit, and what to do; empty when they do. */
    static Optional<String> refusal(int members) {
        long needed = BYTES_A_PAIR * members * members + BYTES_A_HOST * members;
        long most = Runtime.getRuntime().maxMemory();
        return needed <= most
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%,d members: each keeps each of the others, about %.1f GiB in all, and this process may use %.1f GiB"
                                + " (set HEAP, for example HEAP=14g, or take fewer members)",
                        members,
                        needed / GIBIBYTE,
                        most / GIBIBYTE));
    }
}
