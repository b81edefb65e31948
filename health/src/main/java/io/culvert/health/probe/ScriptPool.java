package io.culvert.health.probe;

import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.HealthSettings;
import io.culvert.health.core.ProbeResult;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few threads for all scripts; they end when there is nothing to run. */
final class ScriptPool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ScriptPool.class);

    /** A check has one run at a time, so this is more scripts than a host has; beyond it a run fails at once. */
    private static final int MOST_WAITING = 16_384;

    private static final long IDLE_SECONDS = 30;

    /** Enough to kill and reap what is running. */
    private static final long CLOSE_SECONDS = 10;

    private final HealthSettings settings;
    private final MonotonicClock clock;
    private final ThreadPoolExecutor threads;

    ScriptPool(HealthSettings settings, MonotonicClock clock) {
        this.settings = settings;
        this.clock = clock;
        threads = new ThreadPoolExecutor(
                settings.scriptThreads(),
                settings.scriptThreads(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                new DefaultThreadFactory("health-script", true));
        threads.allowCoreThreadTimeOut(true);
    }

    RunningProbe start(CheckDefinition check, CheckKind.Script script, Consumer<ProbeResult> done) {
        ScriptRun run = new ScriptRun(check, script, settings.scriptDirectory(), clock, done);
        try {
            threads.execute(run);
        } catch (RejectedExecutionException e) {
            done.accept(ProbeResult.critical("not run: " + MOST_WAITING + " scripts are waiting for a free thread"));
        }
        return () -> {
            run.cancel();
            threads.remove(run);
        };
    }

    /** Kills what runs. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.atWarn().addKeyValue("running", threads.getActiveCount()).log("scripts left behind at stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
