package io.culvert.health.probe;

import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.HealthSettings;
import io.culvert.health.core.ProbeResult;
import io.netty.channel.EventLoopGroup;
import java.util.function.Consumer;

/** Everything that can be run. */
public final class Probes implements AutoCloseable {
    private final EventLoopGroup loops;
    private final ScriptPool scripts;
    private final HostLookup lookup = new HostLookup();
    private final TlsContexts tls = new TlsContexts();
    private final ConnectProbe connect;
    private final HttpProbe http;
    private final GrpcProbe grpc;

    /** @param loops epoll event loops; not closed here */
    public Probes(EventLoopGroup loops, HealthSettings settings, MonotonicClock clock) {
        this.loops = loops;
        scripts = new ScriptPool(settings, clock);
        Dialer dialer = new Dialer(lookup);
        connect = new ConnectProbe(dialer);
        http = new HttpProbe(dialer, tls);
        grpc = new GrpcProbe(dialer, tls);
    }

    /**
     * Runs {@code check} once. Never blocks, never throws; {@code done} is called once at most, on any thread, within
     * about the timeout of the check (scripts: plus the time until a thread is free), and not after a cancellation that
     * came before the end.
     *
     * @param check of a kind that is scheduled
     */
    public RunningProbe start(CheckDefinition check, Consumer<ProbeResult> done) {
        try {
            return startKind(check, check.kind(), done);
        } catch (IllegalArgumentException e) {
            done.accept(ProbeResult.critical(check.kind().type() + " check: " + e.getMessage()));
            return () -> {};
        }
    }

    /** Kills scripts that run; connections end with their event loops or their deadlines. */
    @Override
    public void close() {
        scripts.close();
        lookup.close();
        tls.close();
    }

    private RunningProbe startKind(CheckDefinition check, CheckKind kind, Consumer<ProbeResult> done) {
        if (kind instanceof CheckKind.Script script) {
            return scripts.start(check, script, done);
        }
        if (kind instanceof CheckKind.Http request) {
            return http.start(run(check, HttpProbe.what(request), done), check, request);
        }
        if (kind instanceof CheckKind.Tcp tcp) {
            TcpEndpoint endpoint = new TcpEndpoint(tcp.host(), tcp.port());
            return connect.start(run(check, "TCP connect " + endpoint, done), endpoint);
        }
        if (kind instanceof CheckKind.Unix unix) {
            return connect.start(run(check, "UNIX connect " + unix.path(), done), new UnixEndpoint(unix.path()));
        }
        if (kind instanceof CheckKind.Grpc call) {
            return grpc.start(run(check, GrpcProbe.what(call), done), call);
        }
        throw new IllegalArgumentException("a " + kind.type() + " check is not run (expected: a scheduled kind)");
    }

    private NetworkRun run(CheckDefinition check, String what, Consumer<ProbeResult> done) {
        return new NetworkRun(loops.next(), what, check.timeout(), done);
    }
}
