package io.culvert.testbed.simulator.fault;

import java.time.Duration;

/** What faults act upon: a pool of hosts by number from 0. The first is whom newcomers ask. */
public interface Stage {
    int members();

    Links links();

    /** Chance for one purpose alone. */
    java.util.SplittableRandom chance(String purpose);

    void after(Duration delay, Runnable step);

    /** The process ends without a word. A host that is down already is not touched. */
    void crash(int host, DiskFate disk);

    /** Begins again, unless it runs. */
    void start(int host);

    void pause(int host);

    void resume(int host);

    /** Says goodbye and ends when that is told. */
    void leave(int host);

    /** Changes its content. */
    void publish(int host);

    /** From now on each event takes that long, and more than {@code inbox} do not wait; zero is full speed. */
    void slow(int host, Duration perEvent, int inbox);

    /** The wall clock is off by so much from now on; the monotonic one is not touched. */
    void setClock(int host, Duration offset, double partsPerMillion);

    /** A second process with the same identity, elsewhere. */
    void startClone(int host);

    void stopClone(int host);

    /** Two hosts end, and begin again each at the other's address. */
    void swapAddresses(int one, int other);

    /** The pool's key changes: installed everywhere, then used everywhere, then the old one removed everywhere. */
    void rotateKeys(Duration length);

    /** Somebody who is no member acts from now on, {@code rate} times a second. */
    void intrude(Intrusion intrusion);

    void stopIntruding(Intrusion intrusion);

    /** What is left of the disk after a crash. */
    enum DiskFate {
        /** All that was written. */
        KEPT,
        /** Nothing: the host comes back with its key only. */
        LOST,
        /** The host ends with its next write, which is lost. */
        BEFORE_SYNC,
        /** The host ends right after its next write. */
        AFTER_SYNC
    }
}
