package io.culvert.agent;

import io.culvert.agent.bridge.CheckNews;
import io.culvert.agent.bridge.LocalPublisher;
import io.culvert.agent.bridge.OwnAddress;
import io.culvert.agent.bridge.OwnListeners;
import io.culvert.agent.bridge.PoolMembership;
import io.culvert.agent.bridge.RoomSettings;
import io.culvert.agent.bridge.StatusCollector;
import io.culvert.agent.bridge.SystemUser;
import io.culvert.agent.config.AgentSettings;
import io.culvert.agent.config.ConfigLoader;
import io.culvert.agent.config.LastGoodStore;
import io.culvert.agent.config.watch.ConfigWatcher;
import io.culvert.agent.demo.DemoService;
import io.culvert.agent.files.DurableFile;
import io.culvert.agent.http.HttpApi;
import io.culvert.agent.http.Lifecycle;
import io.culvert.agent.http.LookedUpCaller;
import io.culvert.agent.http.endpoint.Endpoints;
import io.culvert.agent.life.AgentThreads;
import io.culvert.agent.life.Closing;
import io.culvert.agent.life.DataDirectory;
import io.culvert.agent.life.Readiness;
import io.culvert.agent.life.ServiceManager;
import io.culvert.agent.local.HealthRunner;
import io.culvert.agent.local.LocalService;
import io.culvert.agent.local.LocalState;
import io.culvert.agent.local.LocalStore;
import io.culvert.agent.local.disk.DiskStore;
import io.culvert.agent.local.json.RegistrationReader;
import io.culvert.agent.loopback.LoopbackKeeper;
import io.culvert.agent.metrics.AccessLog;
import io.culvert.agent.metrics.DnsMetrics;
import io.culvert.agent.metrics.GossipMetrics;
import io.culvert.agent.metrics.MachineMetrics;
import io.culvert.agent.metrics.StreamMetrics;
import io.culvert.agent.outputs.OutputService;
import io.culvert.agent.outputs.RemoteOutputs;
import io.culvert.agent.pool.PoolWatch;
import io.culvert.catalog.Catalog;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.dns.DnsServer;
import io.culvert.dns.DnsSource;
import io.culvert.gossip.GossipPool;
import io.culvert.gossip.HostPort;
import io.culvert.gossip.identity.NodeKey;
import io.culvert.gossip.identity.NodeKeyFile;
import io.culvert.gossip.wire.Refusal;
import io.culvert.health.HealthChecks;
import io.culvert.health.HealthSettings;
import io.culvert.health.HealthSurroundings;
import io.culvert.proxy.Proxy;
import io.culvert.proxy.ProxySettings;
import io.culvert.proxy.StreamListener;
import io.culvert.proxy.relay.Transport;
import io.culvert.proxy.relay.Wiring;
import io.culvert.proxy.tls.Strangers;
import io.culvert.proxy.tls.TlsContexts;
import io.culvert.proxy.tls.TlsPort;
import io.culvert.proxy.tls.TlsPortSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition: the only place that knows every room. Builds them in the order in which they need each other, starts
 * them so that nothing is open before the rules that guard it are in force, and stops them in reverse.
 *
 * <p>Long because it is the list of everything that an agent consists of.
 */
public final class Agent implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Agent.class);
    private static final Duration DRAIN = Duration.ofSeconds(5);
    /** Longer than the pool takes at most: who gave up before would stay, as a member that has left for all others. */
    private static final Duration GOODBYE = GossipPool.LEAVE_AT_MOST.plusSeconds(3);

    private static final Duration KEEP_RESULTS = Duration.ofSeconds(30);
    private static final String DEMO = "demo";

    private final AgentSettings settings;
    private final Instant started = SystemClocks.WALL.now();
    private final Closing closing = new Closing();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final PrometheusRegistry metrics = new PrometheusRegistry();
    private final SecureRandom random = new SecureRandom();
    private final Catalog catalog = new Catalog();
    private final PoolWatch poolWatch = new PoolWatch(SystemClocks.MONOTONIC);
    private final AgentThreads threads;
    private final DataDirectory data;
    private final RoomSettings rooms;
    private final IpAddress advertised;
    private final ServiceManager serviceManager;
    private final Readiness readiness;
    private final NodeKey nodeKey;
    private final LoopbackKeeper loopback;
    private final TlsPort tlsPort;
    private final MeshPart mesh;
    private final Proxy proxy;
    private final HealthChecks health;
    private final LocalState local;
    private final ServiceFiles files;
    private final Optional<DnsServer> dns;
    private final GossipPool pool;
    private volatile Optional<HttpApi> api = Optional.empty(); // once it listens
    private final KeyringPart keys;
    private boolean demoRuns; // under the lock of this

    /**
     * Starts an agent; returns when its sockets are open and its service files are in force.
     *
     * @throws StartFailure with a sentence for the person who starts it
     * @throws IOException when a socket or the data directory cannot be had
     */
    public static Agent start(AgentSettings settings) throws StartFailure, IOException {
        Agent agent = null;
        try {
            agent = new Agent(settings);
            return agent;
        } finally {
            if (agent == null) {
                log.atDebug().log("the agent did not start");
            }
        }
    }

    private Agent(AgentSettings settings) throws StartFailure, IOException {
        this.settings = settings;
        boolean complete = false;
        try {
            data = closing.add(
                    "data directory",
                    settings.node().dataDir().isPresent()
                            ? DataDirectory.open(settings.node().dataDir().get())
                            : DataDirectory.temporary());
            threads = closing.add("threads", AgentThreads.start(dataLoops()));
            rooms = new RoomSettings(settings, data);
            advertised =
                    OwnAddress.choose(settings.node().bind(), settings.node().advertise());
            serviceManager = new ServiceManager(Optional.ofNullable(System.getenv("NOTIFY_SOCKET")), threads.control());
            readiness = new Readiness(List.of("api", "dns", "gossip", "service files"), this::ready);
            nodeKey = NodeKeyFile.loadOrCreate(data.secret().resolve("node.key"), random);
            loopback = closing.add("loopback table", openLoopback());
            tlsPort = closing.add("TLS port", openPort());
            int tlsNumber = at("ports.tls", tlsPort::start).getPort();
            mesh = MeshPart.open(ground(tlsNumber), closing);
            proxy = closing.add("proxy", openProxy());
            CheckNews news = new CheckNews(threads.work());
            health = closing.add("checks", openHealth(news));
            local = openLocal(tlsNumber);
            news.tell(local);
            OutputService.register(local::output, mesh.forMembers());
            files = new ServiceFiles(openLoader(), local, mesh.store());
            pool = openPool();
            keys = openKeys();
            dns = openDns();
            run();
            complete = true;
        } finally {
            if (!complete) {
                closing.close();
            }
        }
    }

    /** In the order of the danger of being early: rules, then what they guard. */
    private void run() throws IOException {
        proxy.start();
        loadFiles();
        readiness.done("service files");
        mesh.start(closing);
        keys.start();
        // A host without services is a host all the same.
        catalog.contentChanged(local.view().content());
        pool.publish(local.view().content());
        closing.add("gossip", pool);
        at("ports.gossip", () -> {
            pool.start();
            return pool;
        });
        readiness.done("gossip");
        api = Optional.of(closing.add("API", at("ports.http", this::openApi)));
        readiness.done("api");
        closing.add("config watch", watch());
        var unused = threads.serial()
                .scheduleWithFixedDelay(
                        this::keepResults, KEEP_RESULTS.toMillis(), KEEP_RESULTS.toMillis(), TimeUnit.MILLISECONDS);
        log.atInfo()
                .addKeyValue("node", settings.node().name())
                .addKeyValue("address", advertised)
                .addKeyValue("trust_domain", mesh.membership().trustDomain())
                .addKeyValue("server", mesh.membership().server())
                .addKeyValue(
                        "started_ms",
                        Duration.between(started, SystemClocks.WALL.now()).toMillis())
                .log("agent started");
    }

    private interface Opening<T> {
        T open() throws IOException;
    }

    /** Rooms do not know what their port is called in the settings; who reads the message wants to. */
    private static <T> T at(String setting, Opening<T> opening) throws IOException {
        try {
            return opening.open();
        } catch (FileSystemException e) {
            throw e; // about a file, whichever socket it was for
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; in culvert.conf the port is '" + setting + "'", e);
        }
    }

    private void ready() {
        log.atInfo().log("ready");
        serviceManager.ready();
    }

    private int dataLoops() {
        int wanted = settings.proxy().eventLoops();
        return wanted > 0
                ? wanted
                : Math.max(1, Math.min(2, Runtime.getRuntime().availableProcessors() - 1));
    }

    private LoopbackKeeper openLoopback() throws IOException {
        Optional<DurableFile> file =
                settings.node().dev() ? Optional.empty() : Optional.of(new DurableFile(data.resolve("loopback")));
        return new LoopbackKeeper(catalog, settings.proxy().loopbackPool(), file, threads.work());
    }

    private TlsPort openPort() {
        return new TlsPort(
                TlsPortSettings.at(new InetSocketAddress(
                        settings.node().bind().toString(), settings.ports().tls())),
                Transport.best(),
                threads.data(),
                new Strangers(SystemClocks.MONOTONIC));
    }

    private MeshPart.Ground ground(int tlsNumber) {
        return new MeshPart.Ground(
                settings,
                data,
                threads,
                nodeKey,
                catalog,
                tlsPort,
                new HostPort(advertised.toString(), tlsNumber).toString(),
                new HostPort(advertised.toString(), gossipPort()).toString(),
                random);
    }

    private int gossipPort() {
        return settings.ports().gossip() == 0
                ? HostPort.DEFAULT_PORT
                : settings.ports().gossip();
    }

    private Proxy openProxy() {
        StreamListener counters = new StreamMetrics(metrics);
        StreamListener listener = settings.telemetry().accessLog() ? new AccessLog(counters, threads.work()) : counters;
        Proxy opened = new Proxy(new Proxy.Setup(
                ProxySettings.DEFAULT,
                nodeKey.id(),
                catalog,
                loopback,
                mesh.certificates(),
                mesh.intentions(),
                tlsPort,
                new TlsContexts(SystemClocks.WALL),
                new Wiring(Transport.best(), threads.data(), SystemClocks.MONOTONIC, SystemClocks.WALL),
                listener));
        StreamMetrics.watch(metrics, opened::status);
        return opened;
    }

    private HealthChecks openHealth(CheckNews news) {
        return HealthChecks.start(
                new HealthSettings(
                        settings.checks().scriptThreads(), data.root().toAbsolutePath()),
                new HealthSurroundings(
                        threads.control(),
                        catalog,
                        nodeKey.id(),
                        SystemClocks.MONOTONIC,
                        SystemClocks.WALL,
                        new SplittableRandom(random.nextLong())),
                news);
    }

    private LocalState openLocal(int tlsNumber) throws IOException {
        LocalStore store = settings.node().dev()
                ? LocalStore.NONE
                : new DiskStore(data.root(), settings.checks().enableScriptChecks());
        NodeRecord record = new NodeRecord(
                nodeKey.id(),
                settings.node().name(),
                advertised,
                settings.node().datacenter(),
                settings.node().meta(),
                tlsNumber,
                mesh.membership().server(),
                Version.CURRENT);
        LocalPublisher publisher = new LocalPublisher(
                threads.serial(),
                new LocalPublisher.Audience(
                        catalog, content -> pool().publish(content), proxy::apply, mesh.certificates()::serve));
        return new LocalState(record, store, new HealthRunner(health), SystemClocks.WALL, publisher);
    }

    /** The pool is made after what it publishes. */
    private GossipPool pool() {
        return pool;
    }

    private ConfigLoader openLoader() {
        Optional<LastGoodStore> lastGood = settings.node().dev()
                ? Optional.empty()
                : Optional.of(new LastGoodStore(data.resolve("config-last-good")));
        return new ConfigLoader(
                settings.node().configDirs(),
                settings.bindRules(),
                lastGood,
                id -> local.view()
                        .service(id)
                        .filter(service -> !service.fromFile())
                        .isPresent());
    }

    private GossipPool openPool() {
        List<HostPort> seeds = mesh.membership().server()
                ? List.of()
                : mesh.membership().gossipSeeds().stream().map(HostPort::parse).toList();
        return new GossipPool(
                rooms.gossip(
                        advertised,
                        mesh.membership().server(),
                        seeds,
                        mesh.membership().pool()),
                new GossipPool.Secrets(mesh.keyring().current(), nodeKey),
                new GossipPool.Environment(SystemClocks.MONOTONIC, SystemClocks.WALL, random),
                catalog,
                new GossipMetrics(metrics, poolWatch) {
                    @Override
                    public void refused(Refusal refusal, String from) {
                        super.refused(refusal, from);
                        if (refusal == Refusal.UNKNOWN_KEY) {
                            keys().unknownKeyHeard();
                        }
                    }
                });
    }

    private KeyringPart openKeys() throws IOException {
        return new KeyringPart(
                new KeyringPart.Ground(
                        mesh,
                        pool,
                        threads,
                        nodeKey.id(),
                        new DurableFile(data.secret().resolve("keyring-rotation")),
                        () -> new MeshDoors(mesh).where("gossip keys are changed and shown"),
                        random),
                closing);
    }

    /** The keys are opened after the pool that hears of them. */
    private KeyringPart keys() {
        return keys;
    }

    private Optional<DnsServer> openDns() throws IOException {
        Optional<io.culvert.dns.DnsSettings> wanted = rooms.dns();
        Optional<DnsServer> opened = wanted.isEmpty()
                ? Optional.empty()
                : Optional.of(closing.add(
                        "DNS",
                        at(
                                "ports.dns",
                                () -> DnsServer.start(
                                        wanted.get(),
                                        new DnsSource(catalog, loopback, SystemClocks.WALL),
                                        threads.control(),
                                        new DnsMetrics(metrics)))));
        readiness.done("dns");
        return opened;
    }

    private HttpApi openApi() throws IOException {
        if (settings.telemetry().jvm()) {
            metrics.register(new MachineMetrics());
        }
        MeshDoors doors = new MeshDoors(mesh);
        return HttpApi.start(
                rooms.api(SystemUser.uid()),
                new Endpoints.Doors(
                        local,
                        new RegistrationReader(settings.checks().enableScriptChecks()),
                        new HealthRunner(health),
                        catalog,
                        new PoolMembership(pool, catalog, poolWatch),
                        doors,
                        doors,
                        keys.door(),
                        new RemoteOutputs(mesh.requests(), mesh::target, SystemClocks.MONOTONIC),
                        new Turns(),
                        new StatusCollector(started, statusSources()),
                        metrics),
                new HttpApi.Surroundings(
                        threads.control(),
                        threads.work(),
                        SystemClocks.WALL,
                        new SplittableRandom(random.nextLong()),
                        new LookedUpCaller(proxy.callers())));
    }

    private StatusCollector.Sources statusSources() {
        Map<String, String> shown = new TreeMap<>();
        shown.put("datacenter", settings.node().datacenter());
        shown.put("data_dir", data.root().toString());
        shown.put("config_dirs", settings.node().configDirs().toString());
        shown.put("bind_addr", settings.node().bind().toString());
        shown.put("loopback_pool", settings.proxy().loopbackPool().toString());
        shown.put("trust_domain", mesh.membership().trustDomain().toString());
        return new StatusCollector.Sources(
                readiness::waiting,
                new OwnListeners(() -> api.map(HttpApi::sockets).orElse(List.of()), tlsPort, pool),
                () -> dns.map(server -> server.status().sockets()).orElse(List.of()),
                proxy::status,
                files::inForce,
                mesh.certificates(),
                () -> local.view().meshServices(),
                loopback,
                shown);
    }

    private ConfigWatcher watch() throws IOException {
        return ConfigWatcher.start(
                settings.node().configDirs(), ConfigWatcher.Pace.DEFAULT, SystemClocks.MONOTONIC, this::loadFiles);
    }

    private synchronized Optional<String> loadFiles() {
        Optional<String> problems = files.load();
        demo();
        return problems;
    }

    /** In dev mode the agent is also the application of the example called {@code demo}, from when it is declared. */
    private void demo() {
        Optional<LocalService> service = local.view().service(DEMO);
        boolean wanted = settings.node().dev()
                && !demoRuns
                && service.isPresent()
                && !service.get().service().socketPath().isEmpty();
        if (!wanted) {
            return;
        }
        demoRuns = true; // tried once: somebody else may be the demo
        try {
            closing.add(
                    "demo service",
                    DemoService.start(Path.of(service.get().service().socketPath()), threads.control()));
        } catch (IOException e) {
            log.atWarn().setCause(e).log("the demo service does not run; is another one running?");
        }
    }

    private void keepResults() {
        try {
            local.keepResults();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("results of checks not kept; they are found anew after a restart");
        }
    }

    /** What the API may ask of the agent's life. */
    private final class Turns implements Lifecycle {
        @Override
        public Optional<String> reload() {
            return Agent.this.reload();
        }

        @Override
        public Optional<String> leave() {
            return Agent.this.leave();
        }

        @Override
        public void exit() {
            new Thread(Agent.this::close, "culvert-exit").start();
        }
    }

    /** Reads service files again, as SIGHUP and {@code culvert reload} do. What is wrong with them. */
    public Optional<String> reload() {
        serviceManager.reloading();
        try {
            return loadFiles();
        } finally {
            serviceManager.ready();
        }
    }

    /** Says goodbye to the pool, so that nobody takes the end for a failure. What went wrong, if anything did. */
    public Optional<String> leave() {
        try {
            pool.leave().get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted while saying goodbye");
        } catch (java.util.concurrent.TimeoutException e) {
            return Optional.of(
                    "the pool did not end its goodbye in " + GOODBYE.toSeconds() + " s: is this host overloaded?");
        } catch (java.util.concurrent.ExecutionException e) {
            return Optional.of("not everybody heard the goodbye: " + e.getMessage());
        }
    }

    /** Blocks until the agent has ended. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Ends in order: goodbye, no new streams, those that are open may end, then everything else. Once. */
    @Override
    public void close() {
        if (ended.getCount() == 0) {
            return;
        }
        serviceManager.stopping();
        leave().ifPresent(problem -> log.atInfo().addKeyValue("why", problem).log("left without being heard by all"));
        proxy.close(DRAIN);
        keepResults();
        closing.close();
        log.atInfo().log("agent ended");
        ended.countDown();
    }
}
