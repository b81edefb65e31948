package io.culvert.gossip;

import io.culvert.catalog.Catalog;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CheckState;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.Weights;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.gossip.core.GossipLoad;
import io.culvert.gossip.identity.NodeKey;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.wire.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One host of a pool in this process: real sockets, real keys, its own catalogue. */
final class LoopbackHost implements AutoCloseable {
    static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");
    /** A pool in a hurry, so that a test need not wait; the proportions are those of the presets. */
    static final SwimSettings HASTY = new SwimSettings(
            new SwimSettings.Probe(Duration.ofMillis(400), Duration.ofMillis(200), 3, 7),
            new SwimSettings.Suspicion(4, 6),
            new SwimSettings.Spread(
                    Duration.ofMillis(50),
                    3,
                    4,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    new SwimSettings.Budget(1_000_000, 1_000_000)),
            new SwimSettings.Keeping(Duration.ofHours(72), Duration.ofHours(36)));

    final String name;
    final NodeKey key;
    final Catalog catalog = new Catalog();
    final Map<Refusal, AtomicInteger> refusals = new ConcurrentHashMap<>();
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    final Queue<String> livenessSeen = new ConcurrentLinkedQueue<>();
    private final Path directory;
    private Keyring keyring;
    private final SecureRandom random = new SecureRandom();
    private PoolLabel label = new PoolLabel("test");
    private SwimSettings timing = HASTY;
    private List<HostPort> retryJoin = List.of();
    private IpAddress address = LOOPBACK;
    private Optional<GossipThreads> threads = Optional.empty();
    private int port;
    private volatile @Nullable GossipLoad load;
    private @Nullable GossipPool pool;

    LoopbackHost(String name, Path directory, Keyring keyring) {
        this.name = name;
        this.directory = directory;
        this.keyring = keyring;
        this.key = NodeKey.generate(random);
    }

    LoopbackHost at(String other) {
        address = IpAddress.parse(other);
        return this;
    }

    /** Runs on threads that others run on too. */
    LoopbackHost on(GossipThreads shared) {
        threads = Optional.of(shared);
        return this;
    }

    LoopbackHost timing(SwimSettings other) {
        timing = other;
        return this;
    }

    LoopbackHost label(String other) {
        label = new PoolLabel(other);
        pool = newPool();
        return this;
    }

    LoopbackHost retryJoin(List<HostPort> hosts) {
        retryJoin = hosts;
        return this;
    }

    private GossipPool newPool() {
        GossipSettings settings = GossipSettings.lan(
                        new GossipSettings.Listening(address, port, Optional.empty(), 8443), directory)
                .withTiming(timing)
                .withPoolLabel(label)
                .withRetryJoin(retryJoin, Duration.ofMillis(200));
        return new GossipPool(
                settings,
                new GossipPool.Secrets(keyring, key),
                new GossipPool.Environment(SystemClocks.MONOTONIC, SystemClocks.WALL, random, threads),
                catalog,
                new GossipListener() {
                    @Override
                    public void refused(Refusal refusal, String from) {
                        refusals.computeIfAbsent(refusal, unused -> new AtomicInteger())
                                .incrementAndGet();
                    }

                    @Override
                    public void load(GossipLoad now) {
                        load = now;
                    }

                    @Override
                    public void failed(Throwable cause) {
                        failures.add(cause);
                    }

                    @Override
                    public void memberChanged(io.culvert.gossip.membership.MemberChange change) {
                        livenessSeen.add(change.member() + " " + change.after());
                    }
                });
    }

    LoopbackHost start() throws IOException {
        comeBack();
        return this;
    }

    /** Ends as a kill does, without a word, and comes back with the same disk on the same port. */
    void restart() throws IOException {
        port = address().port();
        close();
        comeBack();
    }

    void comeBack() throws IOException {
        GossipPool started = newPool();
        pool = started;
        started.start();
    }

    GossipPool pool() {
        GossipPool started = pool;
        if (started == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return started;
    }

    NodeId id() {
        return key.id();
    }

    HostPort address() {
        return pool().address().orElseThrow();
    }

    void rememberPort() {
        port = address().port();
    }

    void useKeyring(Keyring changed) {
        keyring = changed;
        pool().useKeyring(changed);
    }

    void publish(String... services) {
        List<ServiceInstance> instances = new ArrayList<>();
        for (String service : services) {
            instances.add(new ServiceInstance(
                    service,
                    new ServiceName(service),
                    List.of(),
                    Map.of(),
                    "",
                    80,
                    "",
                    Map.of(),
                    Weights.DEFAULT,
                    false,
                    true,
                    1));
        }
        NodeRecord record = new NodeRecord(id(), new NodeName(name), address, "dc1", Map.of(), 8443, false, "1.0");
        pool().publish(new NodeContent(record, instances, List.<CheckState>of()));
    }

    /** The services of {@code owner} as this host knows them; empty when it does not know the owner. */
    List<String> servicesOf(LoopbackHost owner) {
        return catalog.current()
                .node(owner.id())
                .map(CatalogNode::content)
                .map(content -> content.services().stream()
                        .map(service -> service.name().text())
                        .sorted()
                        .toList())
                .orElse(List.of());
    }

    /** Empty in the first second. */
    Optional<GossipLoad> load() {
        return Optional.ofNullable(load);
    }

    Optional<Liveness> livenessOf(LoopbackHost other) {
        return pool().members().stream()
                .filter(member -> member.id().equals(other.id()))
                .map(MemberView::liveness)
                .findFirst();
    }

    long alive() {
        return pool().members().stream()
                .filter(member -> member.liveness() == Liveness.ALIVE)
                .count();
    }

    int refused(Refusal refusal) {
        return refusals.getOrDefault(refusal, new AtomicInteger()).get();
    }

    @Override
    public void close() {
        GossipPool started = pool;
        if (started != null) {
            started.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
