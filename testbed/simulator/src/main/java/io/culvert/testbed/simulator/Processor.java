package io.culvert.testbed.simulator;

import java.time.Duration;

/** A host's processor: takes no time, unless it is starved; then events wait their turn, and what does not fit is lost. */
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

    /** Runs {@code step} when its turn comes. */
    void run(Runnable step) {
        if (isIdle()) {
            step.run();
        } else if (waiting < Math.max(1, inbox)) {
            waiting++;
            freeAt = Math.max(freeAt, world.now()) + perEvent;
            world.after(freeAt - world.now(), () -> {
                waiting--;
                step.run();
            });
        }
    }
}
