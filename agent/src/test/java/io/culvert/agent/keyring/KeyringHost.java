package io.culvert.agent.keyring;

import io.culvert.agent.files.DurableFile;
import io.culvert.agent.join.MeshFiles;
import io.culvert.agent.rpc.LoopbackMesh;
import io.culvert.agent.rpc.RpcClient;
import io.culvert.agent.rpc.RpcLimits;
import io.culvert.agent.rpc.RpcMethods;
import io.culvert.agent.rpc.RpcServer;
import io.culvert.agent.rpc.RpcTarget;
import io.culvert.catalog.Catalog;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.gossip.GossipListener;
import io.culvert.gossip.GossipPool;
import io.culvert.gossip.GossipSettings;
import io.culvert.gossip.HostPort;
import io.culvert.gossip.identity.NodeKey;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.wire.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** One host with a real gossip pool, a real keyring on disk, and real requests between agents. The first is the server. */
final class KeyringHost implements AutoCloseable {
    static final String LABEL = "ours.culvert/dc1";
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");
    /** In a hurry, so that a test need not wait; the proportions are those of the presets. */
    private static final SwimSettings HASTY = new SwimSettings(
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
    private final LoopbackMesh mesh;
    private final Path folder;
    private final LoopbackMesh.Port port;
    private final Map<String, KeyringHost> all;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();
    private final MeshFiles files;
    private final RpcClient client;
    private int gossipPort;
    private @Nullable Running running;

    /** What there is between start and stop. */
    private record Running(
            KeyringKeeper keeper,
            GossipPool pool,
            RpcServer server,
            PoolKeys keys,
            Optional<KeyringFollower> follower) {}

    KeyringHost(LoopbackMesh mesh, String name, Path folder, Keyring ring, Map<String, KeyringHost> all)
            throws IOException {
        this.mesh = mesh;
        this.name = name;
        this.folder = folder;
        this.port = mesh.port();
        this.all = all;
        this.key = NodeKey.generate(mesh.random);
        this.files = new MeshFiles(folder);
        files.write(ring);
        all.put(name, this);
        this.client = mesh.client(mesh.agent(name), serverTarget());
    }

    private RpcTarget serverTarget() {
        return all.values().iterator().next().target();
    }

    private boolean isServer() {
        return all.values().iterator().next() == this;
    }

    RpcTarget target() {
        return mesh.target(port, name);
    }

    /** Starts from what is on its disk, as an agent does. */
    KeyringHost start() throws IOException {
        KeyringKeeper keeper = new KeyringKeeper(files.keyring().orElseThrow(), files::write);
        RpcMethods methods = new RpcMethods();
        KeyringService.Place place = new KeyringService.Place(LABEL, "dc1", mesh.agent("s1")::equals);
        KeyringService.register(keeper, place, methods);
        PoolKeys keys;
        Optional<KeyringFollower> follower = Optional.empty();
        if (isServer()) {
            KeyringService.registerServer(keeper, place, methods);
            keys = conductor(keeper);
        } else {
            follower = Optional.of(new KeyringFollower(
                    keeper,
                    LABEL,
                    client,
                    new KeyringFollower.Surroundings(worker, SystemClocks.MONOTONIC, new SplittableRandom(1))));
            keys = new KeysElsewhere(keeper, () -> "gossip keys are changed on s1");
        }
        GossipPool pool = pool(keeper, follower);
        keeper.usedBy(pool::useKeyring);
        running = new Running(keeper, pool, mesh.serve(port, name, methods, RpcLimits.MEMBERS), keys, follower);
        follower.ifPresent(KeyringFollower::start);
        pool.publish(new NodeContent(
                new NodeRecord(
                        key.id(), new NodeName(name), LOOPBACK, "dc1", Map.of(), port.number(), isServer(), "1.0"),
                List.of(),
                List.of()));
        pool.start();
        gossipPort = pool.address().orElseThrow().port();
        return this;
    }

    /** What a server's agent conducts changes with; another one to stand for a restart. */
    KeyringConductor conductor(KeyringKeeper keeper) {
        return new KeyringConductor(
                keeper,
                new KeyringConductor.Hosts(
                        key.id(), LABEL, () -> new KeyringMembers(pool().members()), this::targetOf, client),
                new KeyringConductor.Surroundings(
                        new DurableFile(folder.resolve("keyring-rotation")), worker, mesh.random));
    }

    private Optional<RpcTarget> targetOf(NodeId id) {
        return all.values().stream()
                .filter(host -> host.key.id().equals(id))
                .map(KeyringHost::target)
                .findFirst();
    }

    private GossipPool pool(KeyringKeeper keeper, Optional<KeyringFollower> follower) {
        List<HostPort> seeds = all.values().stream()
                .filter(host -> host != this && host.gossipPort != 0)
                .map(host -> new HostPort("127.0.0.1", host.gossipPort))
                .toList();
        return new GossipPool(
                GossipSettings.lan(new GossipSettings.Listening(LOOPBACK, gossipPort, Optional.empty(), 8443), folder)
                        .withTiming(HASTY)
                        .withPoolLabel(new PoolLabel(LABEL))
                        .withRetryJoin(seeds, Duration.ofMillis(200)),
                new GossipPool.Secrets(keeper.current(), key),
                new GossipPool.Environment(SystemClocks.MONOTONIC, SystemClocks.WALL, mesh.random),
                catalog,
                new GossipListener() {
                    @Override
                    public void refused(Refusal refusal, String from) {
                        if (refusal == Refusal.UNKNOWN_KEY) {
                            follower.ifPresent(KeyringFollower::unknownKeyHeard);
                        }
                    }
                });
    }

    private Running running() {
        Running present = running;
        if (present == null) {
            throw new IllegalStateException(name + " is not running");
        }
        return present;
    }

    GossipPool pool() {
        return running().pool();
    }

    PoolKeys keys() {
        return running().keys();
    }

    KeyringKeeper keeper() {
        return running().keeper();
    }

    RpcClient client() {
        return client;
    }

    /** Numbers of the keys on its disk, whether it runs or not. */
    List<String> onDisk() {
        try {
            return KeyringKeeper.numbers(files.keyring().orElseThrow());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    long alive() {
        return pool().members().stream()
                .filter(member -> member.liveness() == Liveness.ALIVE)
                .count();
    }

    Optional<Liveness> livenessOf(KeyringHost other) {
        return pool().members().stream()
                .filter(member -> member.id().equals(other.key.id()))
                .map(member -> member.liveness())
                .findFirst();
    }

    /** Its requests go unanswered from now on; gossip goes on. */
    void stopAnswering() {
        mesh.stop(port, running().server());
    }

    /** Ends as a kill does. */
    void kill() {
        Running ending = running;
        if (ending != null) {
            running = null;
            ending.follower().ifPresent(KeyringFollower::close);
            mesh.stop(port, ending.server());
            ending.pool().close();
        }
    }

    @Override
    public void close() {
        kill();
        worker.shutdownNow();
    }
}
