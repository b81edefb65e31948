package io.culvert.health.probe;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.core.GoDuration;
import io.culvert.health.core.ProbeResult;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a network check: one deadline over all of its steps, one result, and no channel left open. Everything but
 * {@link #cancel} is confined to its event loop.
 */
final class NetworkRun implements RunningProbe {
    private final EventLoop loop;
    private final String what;
    private final Duration timeout;
    private final Consumer<ProbeResult> done;
    private @Nullable Channel channel;
    private @Nullable Future<?> deadline;
    private String stage = "starting";
    private boolean over;

    /** @param what begins the text of every result, for example {@code TCP connect 127.0.0.1:80} */
    NetworkRun(EventLoop loop, String what, Duration timeout, Consumer<ProbeResult> done) {
        this.loop = loop;
        this.what = what;
        this.timeout = timeout;
        this.done = done;
    }

    EventLoop loop() {
        return loop;
    }

    Duration timeout() {
        return timeout;
    }

    /** Any thread. */
    void begin(Runnable firstStep) {
        loop.execute(() -> {
            if (!over) {
                deadline = loop.schedule(this::timeIsOver, timeout.toNanos(), TimeUnit.NANOSECONDS);
                firstStep.run();
            }
        });
    }

    @Override
    public void cancel() {
        if (!loop.isShuttingDown()) {
            loop.execute(this::end);
        }
    }

    boolean isOver() {
        assertInLoop();
        return over;
    }

    /** What the text of a timeout says was being done. */
    void stage(String doing) {
        assertInLoop();
        stage = doing;
    }

    /** Takes over {@code next} and closes the channel used before. */
    void use(Channel next) {
        assertInLoop();
        if (channel != null) {
            channel.close();
        }
        channel = next;
        if (over) {
            next.close();
        }
    }

    /** Continues on the loop with what another thread finds out; a failure of it fails the run. */
    <T> BiConsumer<T, Throwable> onLoop(Consumer<T> next) {
        return (value, failure) -> loop.execute(() -> {
            if (over) {
                return;
            }
            if (failure != null) {
                fail(Reasons.of(failure));
            } else {
                next.accept(value);
            }
        });
    }

    void pass(String text) {
        finish(ProbeResult.of(CheckStatus.PASSING, what + ": " + text));
    }

    void fail(String reason) {
        finish(ProbeResult.critical(what + ": " + reason));
    }

    void finish(ProbeResult result) {
        assertInLoop();
        if (!over) {
            end();
            done.accept(result);
        }
    }

    private void timeIsOver() {
        fail("timed out after " + GoDuration.text(timeout) + " while " + stage);
    }

    private void end() {
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (channel != null) {
            channel.close();
        }
    }

    private void assertInLoop() {
        assert loop.inEventLoop() : "called from " + Thread.currentThread().getName();
    }
}
