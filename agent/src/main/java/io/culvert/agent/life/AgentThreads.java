package io.culvert.agent.life;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of an agent. Loops never block; what may block runs on {@code work}, or, where order matters, on {@code
 * serial}.
 *
 * @param data streams; both sides of a stream are on the same loop
 * @param control HTTP API, DNS, health checks over the network, requests between agents
 * @param work bounded: a task that finds the queue full is rejected, and whoever asked says so
 * @param serial one thread: changes of what is declared, files, policy
 */
public record AgentThreads(
        EventLoopGroup data, EventLoopGroup control, ExecutorService work, ScheduledExecutorService serial)
        implements AutoCloseable {
    private static final int WORKERS = 4;
    private static final int WAITING = 8_192;
    private static final long GRACE_SECONDS = 5;

    /** Starts them lazily: a thread is made when the first task for it comes. */
    public static AgentThreads start(int dataLoops) {
        if (!Epoll.isAvailable()) {
            throw new IllegalStateException(
                    "this agent needs Linux with epoll: " + Epoll.unavailabilityCause(), Epoll.unavailabilityCause());
        }
        ThreadPoolExecutor work = new ThreadPoolExecutor(
                WORKERS,
                WORKERS,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                new DefaultThreadFactory("culvert-work", true));
        work.allowCoreThreadTimeOut(true);
        return new AgentThreads(
                loops("culvert-data", dataLoops),
                loops("culvert-control", 1),
                work,
                Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("culvert-serial", true)));
    }

    private static EventLoopGroup loops(String name, int count) {
        return new MultiThreadIoEventLoopGroup(
                count, new DefaultThreadFactory(name, true), EpollIoHandler.newFactory());
    }

    /** Ends them; tasks that are under way have a few seconds. */
    @Override
    public void close() {
        serial.shutdownNow();
        work.shutdown();
        var dataEnds = data.shutdownGracefully(0, GRACE_SECONDS, TimeUnit.SECONDS);
        var controlEnds = control.shutdownGracefully(0, GRACE_SECONDS, TimeUnit.SECONDS);
        dataEnds.awaitUninterruptibly(GRACE_SECONDS, TimeUnit.SECONDS);
        controlEnds.awaitUninterruptibly(GRACE_SECONDS, TimeUnit.SECONDS);
    }
}
