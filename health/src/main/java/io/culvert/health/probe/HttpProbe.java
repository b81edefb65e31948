package io.culvert.health.probe;

import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.Endpoint;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.core.ProbeResult;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** HTTP and HTTPS requests over TCP or a UNIX socket. 2xx passing, 429 warning, everything else critical. */
final class HttpProbe {
    /** Go's client, and so Consul, gives up after as many. */
    private static final int MOST_REDIRECTS = 10;

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int TOO_MANY_REQUESTS = 429;

    private final Dialer dialer;
    private final TlsContexts tls;

    HttpProbe(Dialer dialer, TlsContexts tls) {
        this.dialer = dialer;
        this.tls = tls;
    }

    /** How the results of a check begin. */
    static String what(CheckKind.Http kind) {
        String method = kind.method().isEmpty() ? "GET" : kind.method();
        return "HTTP " + method + " " + HttpHop.shown(kind.url());
    }

    RunningProbe start(NetworkRun run, CheckDefinition check, CheckKind.Http kind) {
        Walk walk = new Walk(run, check, kind);
        run.begin(() -> walk.guarded(() -> walk.ask(HttpHop.first(kind))));
        return run;
    }

    /** From redirect to redirect, within the one deadline of the run. */
    private final class Walk {
        private final NetworkRun run;
        private final CheckDefinition check;
        private final CheckKind.Http kind;
        private int redirects;

        Walk(NetworkRun run, CheckDefinition check, CheckKind.Http kind) {
            this.run = run;
            this.check = check;
            this.kind = kind;
        }

        /** What a definition or a redirect says wrong is the check's result. */
        void guarded(Runnable step) {
            try {
                step.run();
            } catch (IllegalArgumentException e) {
                run.fail(String.valueOf(e.getMessage()));
            }
        }

        void ask(HttpHop hop) {
            if (!hop.origin().tls()) {
                send(hop, null);
                return;
            }
            run.stage("reading the trust anchors");
            tls.context(kind.tls(), false).whenComplete(run.onLoop(context -> guarded(() -> send(hop, context))));
        }

        private void send(HttpHop hop, @Nullable SslContext context) {
            Endpoint endpoint = kind.socketPath().isEmpty()
                    ? new TcpEndpoint(hop.origin().host(), hop.origin().port())
                    : new UnixEndpoint(kind.socketPath());
            dialer.dial(
                    run,
                    endpoint,
                    () -> pipeline(hop, context),
                    channel -> guarded(() -> {
                        run.stage(context == null ? "waiting for the response" : "waiting for TLS and the response");
                        channel.writeAndFlush(hop.request());
                    }));
        }

        private ChannelHandler pipeline(HttpHop hop, @Nullable SslContext context) {
            return new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new ByteLimit());
                    if (context != null) {
                        String name =
                                kind.tls().serverName().orElse(hop.origin().host());
                        SslHandler handler = context.newHandler(
                                channel.alloc(), name, hop.origin().port());
                        handler.setHandshakeTimeoutMillis(0); // the deadline of the run covers it
                        channel.pipeline().addLast(handler);
                    }
                    channel.pipeline().addLast(new HttpClientCodec());
                    channel.pipeline().addLast(new HttpExchange(check.outputMaxSize(), listener(hop)));
                }
            };
        }

        private HttpExchange.Listener listener(HttpHop hop) {
            return new HttpExchange.Listener() {
                @Override
                public void answered(HttpResponse head, String bodyTail) {
                    guarded(() -> judge(hop, head, bodyTail));
                }

                @Override
                public void failed(String reason) {
                    run.fail(reason);
                }
            };
        }

        private void judge(HttpHop hop, HttpResponse head, String bodyTail) {
            int code = head.status().code();
            String location = head.headers().get(HttpHeaderNames.LOCATION);
            if (REDIRECTS.contains(code) && location != null) {
                if (++redirects > MOST_REDIRECTS) {
                    run.fail("stopped after " + MOST_REDIRECTS + " redirects");
                } else {
                    ask(hop.redirected(code, location));
                }
                return;
            }
            run.finish(ProbeResult.of(statusOf(code), what(kind) + ": " + head.status() + " Output: " + bodyTail));
        }
    }

    private static CheckStatus statusOf(int code) {
        if (code >= 200 && code < 300) {
            return CheckStatus.PASSING;
        }
        return code == TOO_MANY_REQUESTS ? CheckStatus.WARNING : CheckStatus.CRITICAL;
    }
}
