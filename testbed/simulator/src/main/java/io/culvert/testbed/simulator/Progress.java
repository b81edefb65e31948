package io.culvert.testbed.simulator;

import java.io.PrintStream;
import java.util.Locale;

/** One line for a person who waits, written over itself: virtual time, speed, memory. */
final class Progress {
    private static final long EVERY_NANOS = 1_000_000_000L;
    private static final long MEBIBYTE = 1L << 20;

    private final PrintStream out;
    private final long began = System.nanoTime();
    private long toldAt = began;
    private long eventsThen;
    private boolean told;

    Progress(PrintStream out) {
        this.out = out;
    }

    /** To be called often: says something once a second. */
    void at(World world) {
        long now = System.nanoTime();
        if (now - toldAt < EVERY_NANOS) {
            return;
        }
        Runtime runtime = Runtime.getRuntime();
        double perSecond = (world.happened() - eventsThen) * 1e9 / (now - toldAt);
        out.printf(
                Locale.ROOT,
                "\r%,.1f s simulated, %,d events, %,.0f a second, %d s, %,d MB   ",
                world.now() / 1e9,
                world.happened(),
                perSecond,
                (now - began) / EVERY_NANOS,
                (runtime.totalMemory() - runtime.freeMemory()) / MEBIBYTE);
        out.flush();
        toldAt = now;
        eventsThen = world.happened();
        told = true;
    }

    /** What is written next begins on a line of its own. */
    void done() {
        if (told) {
            out.print("\r" + " ".repeat(100) + "\r");
            told = false;
        }
    }
}
