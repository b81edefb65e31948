package io.culvert.testbed.simulator.fault;

import io.culvert.testbed.simulator.fault.Stage.DiskFate;
import java.time.Duration;
import java.util.List;

/** What befalls hosts themselves. */
public sealed interface HostFault extends Fault {
    Hosts hosts();

    default List<Integer> befallen(Stage stage) {
        return hosts().within(stage.members());
    }

    /** The process ends without a word, and begins again when the fault is over; with no length it stays away. */
    record Crash(Duration at, Duration length, Hosts hosts, DiskFate disk) implements HostFault {
        @Override
        public void begin(Stage stage) {
            befallen(stage).forEach(host -> stage.crash(host, disk));
        }

        @Override
        public void end(Stage stage) {
            befallen(stage).forEach(stage::start);
        }
    }

    /** Stopped: timers stand still, what comes in waits and then comes at once. */
    record Pause(Duration at, Duration length, Hosts hosts) implements HostFault {
        @Override
        public void begin(Stage stage) {
            befallen(stage).forEach(stage::pause);
        }

        @Override
        public void end(Stage stage) {
            befallen(stage).forEach(stage::resume);
        }

        @Override
        public Hosts excuses() {
            return hosts;
        }
    }

    /** Too little processor: each event takes {@code perEvent}; more than {@code inbox} do not wait. */
    record SlowProcessor(Duration at, Duration length, Hosts hosts, Duration perEvent, int inbox) implements HostFault {
        @Override
        public void begin(Stage stage) {
            befallen(stage).forEach(host -> stage.slow(host, perEvent, inbox));
        }

        @Override
        public void end(Stage stage) {
            befallen(stage).forEach(host -> stage.slow(host, Duration.ZERO, 0));
        }

        @Override
        public Hosts excuses() {
            return hosts;
        }
    }

    /** The wall clock is set wrong, then right again; the monotonic one does not notice. */
    record ClockStep(Duration at, Duration length, Hosts hosts, Duration offset) implements HostFault {
        @Override
        public void begin(Stage stage) {
            befallen(stage).forEach(host -> stage.setClock(host, offset, 0));
        }

        @Override
        public void end(Stage stage) {
            befallen(stage).forEach(host -> stage.setClock(host, Duration.ZERO, 0));
        }
    }

    /** The wall clock runs fast, or slow when negative. */
    record ClockDrift(Duration at, Duration length, Hosts hosts, double partsPerMillion) implements HostFault {
        @Override
        public void begin(Stage stage) {
            befallen(stage).forEach(host -> stage.setClock(host, Duration.ZERO, partsPerMillion));
        }

        @Override
        public void end(Stage stage) {
            befallen(stage).forEach(host -> stage.setClock(host, Duration.ZERO, 0));
        }
    }

    /** A copied disk: a second process with the same key, elsewhere, at the same time. */
    record CloneIdentity(Duration at, Duration length, Hosts hosts) implements HostFault {
        @Override
        public void begin(Stage stage) {
            befallen(stage).forEach(stage::startClone);
        }

        @Override
        public void end(Stage stage) {
            befallen(stage).forEach(stage::stopClone);
        }

        @Override
        public Hosts excuses() {
            return hosts;
        }
    }

    /** The first two hosts get each other's address. */
    record AddressSwap(Duration at, Duration length, Hosts hosts) implements HostFault {
        @Override
        public void begin(Stage stage) {
            List<Integer> two = befallen(stage);
            if (two.size() > 1) {
                stage.swapAddresses(two.get(0), two.get(1));
            }
        }

        @Override
        public Hosts excuses() {
            return hosts;
        }
    }

    /** One host after the other says goodbye and begins again {@code down} later. */
    record RollingRestart(Duration at, Duration length, Hosts hosts, Duration down) implements HostFault {
        @Override
        public void begin(Stage stage) {
            List<Integer> all = befallen(stage);
            for (int i = 0; i < all.size(); i++) {
                int host = all.get(i);
                Duration turn = length.multipliedBy(i).dividedBy(all.size());
                stage.after(turn, () -> stage.leave(host));
                stage.after(turn.plus(down), () -> restart(stage, host));
            }
        }

        private static void restart(Stage stage, int host) {
            stage.crash(host, DiskFate.KEPT);
            stage.start(host);
        }
    }

    /** Says goodbye, and comes back when the fault is over; with no length it stays away. */
    record Leave(Duration at, Duration length, Hosts hosts) implements HostFault {
        @Override
        public void begin(Stage stage) {
            befallen(stage).forEach(stage::leave);
        }

        @Override
        public void end(Stage stage) {
            befallen(stage).forEach(stage::start);
        }
    }

    /** Not a fault, but what faults meet: the content changes. */
    record Publish(Duration at, Duration length, Hosts hosts) implements HostFault {
        @Override
        public void begin(Stage stage) {
            befallen(stage).forEach(stage::publish);
        }
    }

    /** The pool's key is changed while everything runs, with at most one step between any two hosts. */
    record KeyRotation(Duration at, Duration length, Hosts hosts) implements HostFault {
        @Override
        public void begin(Stage stage) {
            stage.rotateKeys(length);
        }
    }
}
