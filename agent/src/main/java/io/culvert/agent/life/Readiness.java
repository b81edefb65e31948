package io.culvert.agent.life;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;

/** What a start still waits for, by name. Ready when nothing is left. Any thread. */
public final class Readiness {
    private final ConcurrentSkipListSet<String> waiting = new ConcurrentSkipListSet<>();
    private final Runnable whenReady;

    /** @param whenReady called once, when the last name is gone */
    public Readiness(List<String> names, Runnable whenReady) {
        waiting.addAll(names);
        this.whenReady = whenReady;
    }

    public void done(String name) {
        if (waiting.remove(name) && waiting.isEmpty()) {
            whenReady.run();
        }
    }

    public List<String> waiting() {
        return List.copyOf(waiting);
    }
}
