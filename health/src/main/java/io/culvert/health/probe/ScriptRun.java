package io.culvert.health.probe;

import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.core.GoDuration;
import io.culvert.health.core.ProbeResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One run of a script, on a thread of the pool. Its timeout counts from the start of the process. */
final class ScriptRun implements Runnable {
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final CheckDefinition check;
    private final CheckKind.Script script;
    private final Path fallbackDirectory;
    private final MonotonicClock clock;
    private final Consumer<ProbeResult> done;
    private volatile boolean cancelled;

    ScriptRun(
            CheckDefinition check,
            CheckKind.Script script,
            Path fallbackDirectory,
            MonotonicClock clock,
            Consumer<ProbeResult> done) {
        this.check = check;
        this.script = script;
        this.fallbackDirectory = fallbackDirectory;
        this.clock = clock;
        this.done = done;
    }

    /** Seen within {@value #LONGEST_PAUSE_NANOS} ns by the thread that runs it, which then kills the group. */
    void cancel() {
        cancelled = true;
    }

    @Override
    public void run() {
        if (!cancelled) {
            attempt().filter(found -> !cancelled).ifPresent(done);
        }
    }

    /** Empty: cancelled, or the pool is shutting down. */
    private Optional<ProbeResult> attempt() {
        try (OutputPipe pipe = new OutputPipe(check.outputMaxSize())) {
            Process process = ScriptCommand.prepare(script, fallbackDirectory, pipe.writeEnd())
                    .start();
            return follow(process, pipe);
        } catch (IOException e) {
            return Optional.of(
                    ProbeResult.critical("cannot run " + script.args().get(0) + ": " + e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<ProbeResult> follow(Process process, OutputPipe pipe) throws IOException, InterruptedException {
        boolean ended = false;
        try {
            ended = awaitEnd(process, pipe);
        } finally {
            if (!ended) {
                killUninterrupted(process);
            }
        }
        pipe.drain();
        if (ended) {
            return Optional.of(judge(process.exitValue(), pipe.tail().markedText()));
        }
        return cancelled ? Optional.empty() : Optional.of(timedOut(pipe.tail().markedText()));
    }

    /** False: it is still running, and its time is over or nobody waits for it any more. */
    private boolean awaitEnd(Process process, OutputPipe pipe) throws IOException, InterruptedException {
        long began = clock.nanos();
        long limit = check.timeout().toNanos();
        long pause = SHORTEST_PAUSE_NANOS;
        while (true) {
            pause = pipe.drain() ? SHORTEST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            long left = limit - (clock.nanos() - began);
            if (process.waitFor(Math.min(pause, Math.max(left, 0)), TimeUnit.NANOSECONDS)) {
                return true;
            }
            if (cancelled || left <= 0) {
                return false;
            }
        }
    }

    /** The group must go also when the pool is being shut down; the interrupt is passed on afterwards. */
    private static void killUninterrupted(Process process) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        ProcessGroup.kill(process);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static ProbeResult judge(int exit, String output) {
        CheckStatus status = switch (exit) {
            case 0 -> CheckStatus.PASSING;
            case 1 -> CheckStatus.WARNING;
            default -> CheckStatus.CRITICAL;
        };
        return ProbeResult.of(status, output);
    }

    /** Consul's words first; what the script said until then shows where it hung. */
    private ProbeResult timedOut(String output) {
        String text = "Timed out (" + GoDuration.text(check.timeout()) + ") running check";
        return new ProbeResult(CheckStatus.CRITICAL, output.isEmpty() ? text : text + "\n" + output, true);
    }
}
