package io.culvert.health.probe;

import io.culvert.health.CheckKind.TlsOptions;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * TLS settings of checks. Made on a thread of their own, because trust anchors are read from disk; kept, because the
 * system's are many; read anew when their file changes.
 */
final class TlsContexts implements AutoCloseable {
    /** Different settings kept; the one that was not asked for longest goes first. */
    private static final int MOST_KEPT = 128;

    private static final int MOST_WAITING = 16_384;
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor thread;
    private final Map<Key, SslContext> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, SslContext> eldest) {
            return size() > MOST_KEPT;
        }
    }; // touched by the thread only

    TlsContexts() {
        thread = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                new DefaultThreadFactory("health-tls", true));
        thread.allowCoreThreadTimeOut(true);
    }

    private record Key(boolean skipVerify, Optional<String> caFile, FileTime changed, boolean http2) {}

    /** @param http2 whether HTTP/2 is to be agreed on by ALPN. Never blocks. */
    CompletionStage<SslContext> context(TlsOptions options, boolean http2) {
        try {
            return CompletableFuture.supplyAsync(() -> find(options, http2), thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new SSLException(MOST_WAITING + " checks wait for their settings", e));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private SslContext find(TlsOptions options, boolean http2) {
        try {
            FileTime changed = options.caFile().isEmpty()
                    ? FileTime.fromMillis(0)
                    : Files.getLastModifiedTime(Path.of(options.caFile().get()));
            Key key = new Key(options.skipVerify(), options.caFile(), changed, http2);
            SslContext known = kept.get(key);
            if (known == null) {
                known = build(options, http2);
                kept.put(key, known);
            }
            return known;
        } catch (IOException | IllegalArgumentException e) {
            String anchors =
                    options.caFile().map(file -> "CA file '" + file + "'").orElse("trust anchors of the system");
            throw new CompletionException(new SSLException(anchors + " cannot be read (" + e + ")"));
        }
    }

    private static SslContext build(TlsOptions options, boolean http2) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        if (options.skipVerify()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm("");
        } else {
            options.caFile().ifPresent(file -> builder.trustManager(new File(file)));
            builder.endpointIdentificationAlgorithm("HTTPS");
        }
        if (http2) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, "h2"));
        }
        return builder.build();
    }
}
