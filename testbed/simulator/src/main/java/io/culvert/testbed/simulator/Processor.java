package io.culvert.testbed.simulator;

import java.time.Duration;

/** A host's processor: takes no time, unless it is starved; then events wait their turn. */
final class Processor {
    private final World world;
    private long perEvent;
    private int inbox;
    private int waiting;
    private long freeAt;

    Processor(World world) {
        this.world = world;
    }

    void set(Duration changedPerEvent, int changedInbox) {
        perEvent = changedPerEvent.toNanos();
        inbox = changedInbox;
        freeAt = Math.max(freeAt, world.now());
    }

    boolean isIdle() {
        return perEvent == 0 && waiting == 0;
    }

    /** Whether so much waits that the socket's buffer takes no more. */
    boolean isFull() {
        return !isIdle() && waiting >= Math.max(1, inbox);
    }

    /** Runs {@code step} when its turn comes. */
    void run(Runnable step) {
        if (isIdle()) {
            step.run();
        } else {
            waiting++;
            freeAt = Math.max(freeAt, world.now()) + perEvent;
            world.after(freeAt - world.now(), () -> {
                waiting--;
                step.run();
            });
        }
    }
}
