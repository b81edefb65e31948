package io.culvert.gossip;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What pools run on. A pool has one loop, on which all its rules, sockets and timers are; others check its signatures and
 * write its files. An agent's pool has threads of its own; several pools in one process may share them, so that fifty
 * pools do not make a hundred and fifty threads.
 */
public final class GossipThreads implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GossipThreads.class);
    private static final long CLOSE_SECONDS = 10;
    private static final long IDLE_SECONDS = 5;

    private final MultiThreadIoEventLoopGroup loops;
    private final ThreadPoolExecutor memberVerifiers;
    // Apart: a flood of content must not keep a member's word waiting.
    private final ThreadPoolExecutor headVerifiers;
    private final ThreadPoolExecutor io;
    // Not that of the files: a resolver that hangs must not keep an epoch from the disk.
    private final ThreadPoolExecutor resolver;

    /**
     * @param loops threads that pools are spread over
     * @param verifiers threads that check signatures of members, and as many for those of content; they go away when idle
     */
    public GossipThreads(int loops, int verifiers) {
        this.loops = new MultiThreadIoEventLoopGroup(
                loops,
                new DefaultThreadFactory("gossip", true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.memberVerifiers = workers("gossip-verify", verifiers);
        this.headVerifiers = workers("gossip-heads", verifiers);
        this.io = workers("gossip-io", 1);
        this.resolver = workers("gossip-resolve", 1);
    }

    // What is queued is bounded by whoever queues: claims, epochs, snapshots, names.
    private static ThreadPoolExecutor workers(String name, int threads) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(name, true));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** The loop of one pool. */
    EventLoop nextLoop() {
        return loops.next();
    }

    Executor memberVerifier() {
        return memberVerifiers;
    }

    Executor headVerifier() {
        return headVerifiers;
    }

    /** One thread: what is handed to it is done in that order. */
    Executor io() {
        return io;
    }

    /** Looks up names and interfaces; may hang. */
    Executor resolver() {
        return resolver;
    }

    /** Ends the threads; pools that run on them must be closed before. Blocks; may be called twice. */
    @Override
    public void close() {
        // A verdict goes back to the loop: no check may be under way when the loop is gone.
        memberVerifiers.shutdownNow();
        headVerifiers.shutdownNow();
        resolver.shutdownNow();
        await(memberVerifiers, "gossip signatures were still being checked");
        await(headVerifiers, "gossip heads were still being checked");
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
        io.shutdown();
        await(io, "gossip files were not written in time; those before are still there");
    }

    private static void await(ThreadPoolExecutor executor, String otherwise) {
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.atWarn().log(otherwise);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
