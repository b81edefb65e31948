package io.culvert.testbed.simulator.fault;

import java.time.Duration;

/** Somebody hostile, at an address of his own, for as long as it lasts. Nobody has an excuse for falling for it. */
public sealed interface Intrusion extends Fault {
    /** Whom he acts upon. */
    Hosts hosts();

    /** How many packets or streams a second. */
    int rate();

    @Override
    default void begin(Stage stage) {
        stage.intrude(this);
    }

    @Override
    default void end(Stage stage) {
        stage.stopIntruding(this);
    }

    /** Without the key: random bytes, and bytes that begin like ours. */
    record Forger(Duration at, Duration length, Hosts hosts, int rate) implements Intrusion {}

    /** Without the key: what was overheard, once more, as it was or with one bit changed. */
    record Replayer(Duration at, Duration length, Hosts hosts, int rate) implements Intrusion {}

    /** With the pool's key and a key of his own, a member like others. */
    record Insider(Duration at, Duration length, Hosts hosts, int rate, Deed deed) implements Intrusion {}

    /** Streams that are opened and left to hang, filled with anything, or fed one byte at a time. */
    record SessionFlood(Duration at, Duration length, Hosts hosts, int rate) implements Intrusion {}

    /** What an insider does. */
    enum Deed {
        /** SUSPECT of everybody, to everybody. */
        ACCUSES_ALL,
        /** DEAD of everybody, to everybody. */
        DECLARES_ALL_DEAD,
        /** ALIVE, LEFT and HEAD in others' names, with signatures that are not theirs. */
        FORGES_WORDS,
        /** Accusations of incarnations that nobody has reached. */
        GREAT_INCARNATIONS,
        /** Counts that promise more than there is, lists longer than any pool. */
        GIANT_COUNTS,
        /** Makes others probe, as often as he can. */
        FLOODS_PING_REQUESTS,
        /** Asks and accuses from ever new sessions, none of which ever answers. */
        NEVER_ECHOES
    }
}
