package io.culvert.agent.http;

import io.culvert.agent.http.endpoint.Endpoints;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.http.route.Topic;
import io.culvert.agent.http.server.ApiServer;
import io.culvert.agent.http.server.Dispatcher;
import io.culvert.agent.http.server.Writers;
import io.culvert.agent.http.watch.BlockingQueries;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.Subscription;
import io.netty.channel.EventLoopGroup;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP API of a running agent. {@link #start} binds; {@link #close} may be called twice. */
public final class HttpApi implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpApi.class);

    private final ApiServer server;
    private final CatalogView.Subscription catalogNews;
    private final Subscription intentionNews;
    private final Subscription bundleNews;
    private final Subscription keyringNews;
    private final AtomicBoolean closed = new AtomicBoolean();

    private HttpApi(ApiServer server, BlockingQueries queries, Endpoints.Doors doors) {
        this.server = server;
        this.catalogNews = doors.catalog().subscribe(queries::catalogChanged);
        this.intentionNews = doors.policy().intentions().subscribe(table -> queries.changed(Topic.INTENTIONS));
        this.bundleNews = doors.policy().onBundleChange(() -> queries.changed(Topic.ROOTS));
        this.keyringNews = doors.keys().onProgress(() -> queries.changed(Topic.KEYRING));
    }

    /**
     * What the API runs on; none of it is closed by it.
     *
     * @param loops epoll event loops: sockets and timers only
     * @param workers run everything that may block; must accept every task until the API is closed: at most one request a
     *     connection is under way, so that the bound on connections bounds them too
     * @param random for the jitter of blocking reads
     * @param callers finds out who calls over TCP
     */
    public record Surroundings(
            EventLoopGroup loops, Executor workers, WallClock clock, RandomGenerator random, CallerId callers) {}

    /** Binds TCP and the UNIX socket; blocks for a moment. When one of them fails nothing listens. */
    public static HttpApi start(HttpApiSettings settings, Endpoints.Doors doors, Surroundings surroundings)
            throws IOException {
        Router router = Endpoints.router(doors, settings, surroundings.clock());
        BlockingQueries queries = new BlockingQueries(
                surroundings.workers(),
                surroundings.loops(),
                surroundings.random(),
                settings.limits().blockingQueries());
        HttpMetrics metrics = new HttpMetrics(doors.metrics());
        GaugeWithCallback.builder()
                .name("culvert_http_blocking_queries")
                .help("Reads of the HTTP API that wait for a change.")
                .callback(gauge -> gauge.call(queries.waiting()))
                .register(doors.metrics());
        Dispatcher dispatcher = new Dispatcher(router, keepers(settings, metrics), queries, surroundings.workers());
        ApiServer server = new ApiServer(surroundings.loops(), settings, dispatcher, surroundings.callers(), metrics);
        HttpApi api = new HttpApi(server, queries, doors);
        try {
            if (settings.socket().isPresent()) {
                server.listen(settings.socket().get(), settings.socketGroup(), settings.socketMode());
            }
            if (settings.address().isPresent()) {
                server.listen(settings.address().get());
            }
        } catch (IOException e) {
            api.close();
            throw e;
        }
        api.sockets()
                .forEach(socket ->
                        log.atInfo().addKeyValue("address", socket.address()).log("HTTP API listens"));
        return api;
    }

    private static Dispatcher.Doorkeepers keepers(HttpApiSettings settings, HttpMetrics metrics) {
        Set<Integer> users = new HashSet<>(settings.writers());
        users.add(settings.agentUser());
        Set<String> names = settings.hostNames().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        return new Dispatcher.Doorkeepers(names, new Writers(Set.copyOf(users), settings.socket()), metrics);
    }

    /** Its sockets as they are now, with the port that was chosen when the settings left it open. Any thread; asks the disk. */
    public List<StatusReport.Listener> sockets() {
        return server.sockets();
    }

    /** Stops listening, ends every connection. Blocks for a moment. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        keyringNews.close();
        bundleNews.close();
        intentionNews.close();
        catalogNews.close();
        server.close();
    }
}
