package io.culvert.proxy.relay;

import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.catalog.clock.WallClock;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What everything that moves bytes needs: the loops, one sweeper for each, the channels, the clocks. Immutable; any
 * thread.
 */
public final class Wiring {
    private final Transport transport;
    private final EventLoopGroup loops;
    private final MonotonicClock clock;
    private final WallClock calendar;
    private final Map<EventExecutor, Sweeper> sweepers = new IdentityHashMap<>();

    /** @param loops of {@code transport} */
    public Wiring(Transport transport, EventLoopGroup loops, MonotonicClock clock, WallClock calendar) {
        this.transport = transport;
        this.loops = loops;
        this.clock = clock;
        this.calendar = calendar;
        for (EventExecutor loop : loops) {
            sweepers.put(loop, new Sweeper((EventLoop) loop, clock));
        }
    }

    public Transport transport() {
        return transport;
    }

    public EventLoopGroup loops() {
        return loops;
    }

    /** Every loop once. */
    public List<EventLoop> eachLoop() {
        return sweepers.keySet().stream().map(EventLoop.class::cast).toList();
    }

    public MonotonicClock clock() {
        return clock;
    }

    public WallClock calendar() {
        return calendar;
    }

    public Sweeper sweeper(EventLoop loop) {
        return Objects.requireNonNull(sweepers.get(loop), "a loop of another group");
    }
}
