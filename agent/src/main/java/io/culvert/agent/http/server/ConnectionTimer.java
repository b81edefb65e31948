package io.culvert.agent.http.server;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one deadline of a connection: of its request, of its answer, or of being idle. Confined to its event loop. */
final class ConnectionTimer {
    private final Runnable expired;
    private @Nullable Future<?> pending;

    ConnectionTimer(Runnable expired) {
        this.expired = expired;
    }

    void start(ChannelHandlerContext context, Duration time) {
        stop();
        pending = context.executor().schedule(expired, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    void stop() {
        Future<?> task = pending;
        pending = null;
        if (task != null) {
            task.cancel(false);
        }
    }
}
