package io.culvert.proxy;

import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.LoopbackTable;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.ServiceName;
import io.culvert.identity.CertificateSource;
import io.culvert.identity.IntentionSource;
import io.culvert.identity.SpiffeId;
import io.culvert.proxy.balance.Balancer;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.local.Accounts;
import io.culvert.proxy.local.Admission;
import io.culvert.proxy.local.CallerLookup;
import io.culvert.proxy.local.LocalListeners;
import io.culvert.proxy.relay.Dialer;
import io.culvert.proxy.relay.Wiring;
import io.culvert.proxy.tls.TlsContexts;
import io.culvert.proxy.tls.TlsPort;
import io.culvert.proxy.tunnel.LocalInstances;
import io.culvert.proxy.tunnel.StreamBook;
import io.culvert.proxy.tunnel.TunnelClient;
import io.culvert.proxy.tunnel.TunnelServer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of the room: local sockets in, streams to other agents out, streams of other agents in, applications at the
 * end. Follows the catalogue, the certificates and the intentions by itself once started. Any thread.
 */
public final class Proxy implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Proxy.class);
    private static final long RETRY_LOOK_MILLIS = 250;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Setup setup;
    private final ScheduledThreadPoolExecutor worker;
    private final ScheduledThreadPoolExecutor resolver;
    private final CallerLookup lookup;
    private final Accounts accounts = new Accounts();
    private final StreamBook book;
    private final Balancer balancer;
    private final TunnelClient client;
    private final TunnelServer server;
    private final LocalListeners listeners;
    private volatile LocalServices services = LocalServices.NONE;
    private volatile LocalInstances instances = LocalInstances.NONE;
    private final AtomicBoolean catalogChanged = new AtomicBoolean();
    private final AtomicReference<State> state = new AtomicReference<>(State.LATENT);
    private final List<AutoCloseable> subscriptions = new ArrayList<>(); // by start and close only

    private enum State {
        LATENT,
        STARTED,
        STOPPED
    }

    /**
     * What a proxy is built from. None of it is closed by the proxy.
     *
     * @param self this host in the catalogue
     * @param loopback the table of loopback addresses as it is at any moment; read after each change of the catalogue
     * @param port the TLS port, on which the proxy opens its services
     * @param wiring event loops and clocks
     * @param listener hears of every stream
     */
    public record Setup(
            ProxySettings settings,
            NodeId self,
            CatalogView catalog,
            Supplier<LoopbackTable> loopback,
            CertificateSource certificates,
            IntentionSource intentions,
            TlsPort port,
            TlsContexts tls,
            Wiring wiring,
            StreamListener listener) {}

    public Proxy(Setup setup) {
        this.setup = setup;
        this.worker = executor("culvert-proxy");
        this.resolver = executor("culvert-resolver");
        this.lookup = new CallerLookup();
        this.book = new StreamBook(
                setup.intentions(), setup.listener(), setup.wiring().clock());
        SecureRandom random = new SecureRandom();
        this.balancer = new Balancer(random);
        Dialer dialer = new Dialer(setup.wiring().transport(), resolver, new OwnAddresses(setup, () -> services));
        long incarnation = setup.wiring().calendar().now().toEpochMilli();
        IdSource ids = new IdSource(new SplittableRandom(random.nextLong()));
        this.client = new TunnelClient(new TunnelClient.Setup(
                setup.settings(),
                setup.self(),
                setup.catalog(),
                setup.certificates(),
                setup.tls(),
                () -> instances,
                setup.wiring(),
                dialer,
                balancer,
                book,
                ids,
                random,
                incarnation));
        this.server = new TunnelServer(new TunnelServer.Setup(
                setup.settings(),
                setup.certificates(),
                setup.tls(),
                setup.port(),
                () -> instances,
                setup.wiring(),
                dialer,
                book,
                ids,
                incarnation));
        Admission admission = new Admission(new Admission.Setup(
                setup.certificates(), lookup, accounts, resolver, client::carry, book::refusedUnknown));
        this.listeners = new LocalListeners(setup.wiring(), setup.settings().listenerRetry(), admission, accounts);
    }

    /** Begins to follow the catalogue and to carry streams. What is listened on appears within milliseconds. */
    public void start() {
        if (!state.compareAndSet(State.LATENT, State.STARTED)) {
            throw new IllegalStateException("proxy: started twice, or after it was closed");
        }
        subscriptions.add(setup.catalog().subscribe(change -> catalogChanged()));
        subscriptions.add(setup.intentions().subscribe(table -> book.judgeAll()));
        subscriptions.add(setup.certificates().subscribe(new CertificateChanges()));
        var unused = worker.scheduleWithFixedDelay(guarded(this::look), 0, RETRY_LOOK_MILLIS, TimeUnit.MILLISECONDS);
        catalogChanged();
    }

    /**
     * Takes what this host declares, whole: from the return of this on, streams go by it. Sockets that are still declared
     * stay open; streams that are open go on. Blocks until done, usually a few milliseconds.
     */
    public void apply(LocalServices declared) {
        services = declared;
        instances = new LocalInstances(declared.destinations());
        await(() -> {
            server.serve(names(declared));
            listeners.apply(declared);
        });
    }

    /** How things stand. Never blocks. */
    public ProxyStatus status() {
        return new ProxyStatus(
                listeners.status(),
                book.liveStreams(),
                book.liveCount(),
                book.closed(),
                book.traffic(),
                setup.port().strangers().counts(),
                client.counts());
    }

    /** Finds the user behind a local TCP connection; for others who must know their callers. Closed with this. */
    public CallerLookup callers() {
        return lookup;
    }

    /**
     * Stops in three acts: no new streams; those that are open may end within {@code grace}; what is left is cut. Blocks
     * that long at most, and a moment more.
     */
    public void close(Duration grace) {
        if (state.getAndSet(State.STOPPED) != State.STARTED) {
            shutDown();
            return;
        }
        subscriptions.forEach(Proxy::closeQuietly);
        await(() -> {
            listeners.close();
            server.close();
        });
        client.close();
        log.atInfo()
                .addKeyValue("streams", book.liveCount())
                .addKeyValue("grace", grace)
                .log("proxy stops");
        drain(grace);
        int left = book.liveCount();
        if (left > 0) {
            log.atWarn().addKeyValue("streams", left).log("streams cut at the end of the grace");
            book.cutAll(CloseReason.DRAIN, "the agent is stopping");
            drain(Duration.ofSeconds(1));
        }
        server.abortAll();
        shutDown();
    }

    /** As {@link #close(Duration)} without grace. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    private void shutDown() {
        lookup.close();
        worker.shutdownNow();
        resolver.shutdownNow();
    }

    /** Waits until no stream is left, at most so long. */
    private void drain(Duration most) {
        try {
            book.awaitNone(most);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the catalogue's own thread: only notes that there is something to do. */
    private void catalogChanged() {
        if (catalogChanged.compareAndSet(false, true)) {
            later(this::look);
        }
    }

    /** Brings listeners in line; on the worker. */
    private void look() {
        if (catalogChanged.getAndSet(false)) {
            CatalogSnapshot catalog = setup.catalog().current();
            listeners.apply(catalog, setup.loopback().get());
            balancer.retain(catalog.nodes().stream().map(CatalogNode::id).collect(Collectors.toSet()));
        }
        listeners.retry();
    }

    private void later(Runnable task) {
        try {
            worker.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("proxy is stopping");
        }
    }

    private void await(Runnable task) {
        Future<?> done = worker.submit(task);
        try {
            done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            log.atWarn().addKeyValue("after", PATIENCE).log("proxy's worker is slow; it goes on in the background");
        } catch (ExecutionException e) {
            throw new IllegalStateException("proxy: " + e.getCause(), e.getCause());
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("proxy's worker failed at a task and goes on");
            }
        };
    }

    private static Set<ServiceName> names(LocalServices declared) {
        return declared.destinations().stream().map(LocalDestination::service).collect(Collectors.toSet());
    }

    private static void closeQuietly(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            log.atWarn().setCause(e).log("subscription cannot be closed");
        }
    }

    private static ScheduledThreadPoolExecutor executor(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** Certificates and roots that change take effect for new connections; live ones are checked again. */
    private final class CertificateChanges implements CertificateSource.Listener {
        @Override
        public void certificateChanged(SpiffeId id) {
            later(server::refresh);
            client.retireOutdated();
        }

        @Override
        public void bundleChanged() {
            later(() -> {
                server.refresh();
                server.verifyAll();
            });
            client.retireOutdated();
        }
    }

    /** Names of connections and streams: unique enough to be found in logs, no secret. */
    private static final class IdSource implements Supplier<Id128> {
        private final SplittableRandom random; // guarded by this

        IdSource(SplittableRandom random) {
            this.random = random;
        }

        @Override
        public synchronized Id128 get() {
            return new Id128(random.nextLong(), random.nextLong());
        }
    }
}
