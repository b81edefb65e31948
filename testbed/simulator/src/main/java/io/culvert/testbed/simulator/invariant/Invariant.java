package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.wire.Refusal;
import java.util.function.Supplier;

/**
 * One thing that must hold in every run. It hears of what happens, each of which is nothing by default, and throws a
 * {@link Violation}.
 */
abstract class Invariant {
    final Watch watch;
    private final int number;
    private final String sentence;

    Invariant(Watch watch, int number, String sentence) {
        this.watch = watch;
        this.number = number;
        this.sentence = sentence;
    }

    final void check(boolean holds, Supplier<String> what) {
        if (!holds) {
            throw new Violation(number, sentence, watch.now(), what.get());
        }
    }

    int number() {
        return number;
    }

    /** A process has begun; its machine is there, but has not said anything. */
    void started(Host host) {}

    /** A process has ended, by a crash or after its goodbye; its machine is still there. */
    void stopped(Host host) {}

    /** It begins to say goodbye. */
    void leaving(Host host) {}

    /** Its goodbye has been told; {@link #stopped} follows. */
    void left(Host host) {}

    void published(Host owner, NodeContent content) {}

    void changed(Host observer, MemberChange change) {}

    void contentShown(Host observer, NodeContent content) {}

    /** Nothing is kept of {@code member} any more. */
    void forgotten(Host observer, NodeId member) {}

    /** A packet or stream of one of the pool was not taken. */
    void refusedMember(Host observer, Refusal refusal) {}

    /** A host noticed that somebody else has its identity. */
    void cloneNoticed(Host host) {}

    /** A second process of {@code original} has joined the pool. */
    void cloned(Host original, Host clone) {}

    /** A stranger's packet, of {@code bytes}, was handed to a host. */
    void intruded(Host host, Intruded what) {}

    /** A machine threw. */
    void failed(Host host, RuntimeException failure) {}

    /** Once a second of virtual time. */
    void sampled() {}

    /** Everybody agrees, after all faults. */
    void agreed() {}

    /** The run is over. */
    void ended() {}
}
