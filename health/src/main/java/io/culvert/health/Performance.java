package io.culvert.health;

import io.culvert.health.core.Effect;
import io.culvert.health.core.ProbeResult;
import io.culvert.health.core.RunToken;
import io.culvert.health.probe.Probes;
import io.culvert.health.probe.RunningProbe;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns effects into deeds, in order, on one executor. */
final class Performance implements Effect.Performer, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Performance.class);

    private final EventExecutor executor;
    private final Probes probes;
    private final HealthListener listener;
    private final Feedback feedback;
    private final Map<RunToken, RunningProbe> running = new HashMap<>(); // touched by the executor only
    private volatile boolean closed;

    /** Where new events go. */
    interface Feedback {
        void runEnded(RunToken token, ProbeResult found);

        void timerFired(Effect.SetTimer timer);
    }

    Performance(EventExecutor executor, Probes probes, HealthListener listener, Feedback feedback) {
        this.executor = executor;
        this.probes = probes;
        this.listener = listener;
        this.feedback = feedback;
    }

    /** Queues {@code effects}; any thread, never blocks. */
    void perform(List<Effect> effects) {
        if (!effects.isEmpty()) {
            submit(() -> effects.forEach(effect -> effect.perform(this)));
        }
    }

    void submit(Runnable task) {
        try {
            executor.execute(() -> {
                if (!closed) {
                    task.run();
                }
            });
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("event loop is gone; checks have stopped");
        }
    }

    @Override
    public void startRun(Effect.StartRun start) {
        RunToken token = start.token();
        RunningProbe run = probes.start(
                start.check(),
                found -> submit(() -> {
                    running.remove(token);
                    feedback.runEnded(token, found);
                }));
        running.put(token, run);
    }

    @Override
    public void cancelRun(Effect.CancelRun cancel) {
        RunningProbe run = running.remove(cancel.token());
        if (run != null) {
            run.cancel();
        }
    }

    @Override
    public void setTimer(Effect.SetTimer timer) {
        if (closed || executor.isShuttingDown()) {
            return;
        }
        executor.schedule(
                () -> {
                    if (!closed) {
                        feedback.timerFired(timer);
                    }
                },
                timer.after().toNanos(),
                TimeUnit.NANOSECONDS);
    }

    @Override
    public void statusChanged(Effect.StatusChanged change) {
        log.atInfo()
                .addKeyValue("check", change.check().id())
                .addKeyValue("service", change.check().serviceId())
                .addKeyValue("before", change.before().word())
                .addKeyValue("status", change.result().status().word())
                .addKeyValue("output", change.result().output())
                .log("check changed");
        guarded(() -> listener.statusChanged(change.check(), change.before(), change.result()));
    }

    @Override
    public void outputChanged(Effect.OutputChanged change) {
        guarded(() -> listener.outputChanged(change.check(), change.result()));
    }

    @Override
    public void deregister(Effect.Deregister deregister) {
        guarded(() -> listener.deregister(deregister.serviceId(), deregister.checkId()));
    }

    /** Performs nothing any more and gives up the runs; the executor itself goes on. */
    @Override
    public void close() {
        closed = true;
        try {
            executor.execute(() -> {
                running.values().forEach(RunningProbe::cancel);
                running.clear();
            });
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("event loop is gone; runs ended with it");
        }
    }

    /** A fault of a listener must not stop the checks. */
    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("health listener failed; the change it was told is lost to it");
        }
    }
}
