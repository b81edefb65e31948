package io.culvert.health.probe;

import io.culvert.catalog.clock.SystemClocks;
import io.culvert.health.CheckDefinition;
import io.culvert.health.HealthSettings;
import io.culvert.health.core.ProbeResult;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Real probes on one real event loop. */
final class ProbeBench implements AutoCloseable {
    final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    final Probes probes;

    ProbeBench() {
        this(HealthSettings.defaults(Path.of("/")));
    }

    ProbeBench(HealthSettings settings) {
        probes = new Probes(loops, settings, SystemClocks.MONOTONIC);
    }

    CompletableFuture<ProbeResult> start(CheckDefinition check) {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        probes.start(check, result::complete);
        return result;
    }

    /** Runs one check to its end. */
    ProbeResult run(CheckDefinition check) {
        return start(check).orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        probes.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
