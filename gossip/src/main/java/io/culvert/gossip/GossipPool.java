package io.culvert.gossip;

import io.culvert.catalog.CatalogSink;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.catalog.clock.WallClock;
import io.culvert.gossip.core.EnvelopeGuard;
import io.culvert.gossip.core.EnvelopeStreams;
import io.culvert.gossip.core.GossipMachine;
import io.culvert.gossip.identity.NodeKey;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.membership.MemberState;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.membership.Standing;
import io.culvert.gossip.membership.SwimAdvice;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.PeerAddress;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This host's membership in the pool: the door of the room. Every method may be called from any thread; none but {@link
 * #start} and {@link #close} blocks.
 *
 * <p>Long because it is the door of the room: many short methods that hand on, and nothing else.
 */
public final class GossipPool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GossipPool.class);
    private static final long VIEW_DELAY_MILLIS = 20;
    private static final long VIEW_INTERVAL_MILLIS = 1_000;
    private static final long SNAPSHOT_SECONDS = 5;
    private static final long LARGE_SNAPSHOT_SECONDS = 60;
    /** How long {@link #leave} takes at most while the loop of the pool runs. */
    public static final Duration LEAVE_AT_MOST = GossipMachine.LEAVE_AT_MOST;

    private static final int LARGE_SNAPSHOT_MEMBERS = 2_000;
    private static final long CLOSE_SECONDS = 10;
    /** How soon an address that this host was given counts as its own. */
    private static final long INTERFACES_SECONDS = 60;

    private final GossipSettings settings;
    private final Secrets secrets;
    private final Environment environment;
    private final CatalogSink catalog;
    private final PoolReports reports;
    private final GossipThreads threads;
    private final boolean ownsThreads;
    private final Map<NodeId, NodeRecord> records = new ConcurrentHashMap<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private final AtomicReference<@Nullable NodeContent> unpublished = new AtomicReference<>();
    private final CompletableFuture<@Nullable Void> left = new CompletableFuture<>();
    private final EventLoop loop;
    private final PoolStorage storage;
    private final PoolLoop pool;
    private final List<Future<?>> repeated = new ArrayList<>();
    private volatile @Nullable View view;
    private volatile @Nullable PoolEntrance entrance;
    private volatile OwnAddresses ourselves = OwnAddresses.NONE;
    private volatile Keyring keyring;
    private @Nullable GossipMachine machine;
    private @Nullable EnvelopeGuard guard;
    private long startedAt;
    private boolean viewDue;
    private boolean snapshotDue;

    private enum State {
        NEW,
        STARTED,
        CLOSED
    }

    /** What makes this host a member: the pool's keys and its own. */
    public record Secrets(Keyring keyring, NodeKey nodeKey) {}

    /**
     * The clocks and the chance of the machine.
     *
     * @param shared the threads that several pools of this process run on; without them the pool has its own
     */
    public record Environment(
            MonotonicClock monotonic, WallClock wall, SecureRandom random, Optional<GossipThreads> shared) {
        public Environment(MonotonicClock monotonic, WallClock wall, SecureRandom random) {
            this(monotonic, wall, random, Optional.empty());
        }
    }

    private record View(Alive own, List<MemberState> others, Coordinate coordinate, long startedAt) {}

    /**
     * @param catalog hears of other owners' verified content and of other members' liveness; never of this host's
     * @param listener hears what is to be counted
     */
    public GossipPool(
            GossipSettings settings,
            Secrets secrets,
            Environment environment,
            CatalogSink catalog,
            GossipListener listener) {
        this.settings = settings;
        this.secrets = secrets;
        this.keyring = secrets.keyring();
        this.environment = environment;
        this.catalog = catalog;
        this.reports = new PoolReports(listener, environment.monotonic());
        this.ownsThreads = environment.shared().isEmpty();
        this.threads = environment.shared().orElseGet(() -> new GossipThreads(1, 1));
        this.loop = threads.nextLoop();
        this.storage = new PoolStorage(settings.dataDirectory(), threads.io(), reports);
        this.pool = new PoolLoop(
                loop,
                environment.monotonic(),
                settings.poolLabel(),
                new PoolLoop.Sinks(new Recorder(), reports),
                new PoolLoop.Outside(
                        new PoolLoop.Verifiers(threads.memberVerifier(), threads.headVerifier()),
                        storage::storeEpoch,
                        () -> left.complete(null),
                        this::membersChanged));
    }

    /** Keeps who is called what, and hands everything on. */
    private final class Recorder implements CatalogSink {
        @Override
        public void contentChanged(NodeContent content) {
            records.put(content.node().id(), content.node());
            catalog.contentChanged(content);
        }

        @Override
        public void livenessChanged(NodeId node, Liveness liveness) {
            catalog.livenessChanged(node, liveness);
        }

        @Override
        public void forgotten(NodeId node) {
            records.remove(node);
            catalog.forgotten(node);
        }
    }

    /**
     * Opens the sockets, takes the next epoch and begins to look for the pool. Blocks for a moment.
     *
     * @throws IOException if the port is taken or the data directory cannot be written; nothing is running then
     */
    public void start() throws IOException {
        if (!state.compareAndSet(State.NEW, State.STARTED)) {
            throw new IllegalStateException("this pool was started before; make a new one");
        }
        try {
            long epoch = storage.nextEpoch(environment.wall().now().getEpochSecond());
            List<Frame> lastKnown = storage.lastKnown();
            warn(1 + (int) lastKnown.stream().filter(Alive.class::isInstance).count());
            GossipSettings.Listening listening = settings.listening();
            int port = pool.transport().bind(listening.bind(), listening.port());
            PeerAddress self = new PeerAddress(listening.advertised(), port);
            ourselves = OwnAddresses.of(self, listening.bind());
            loop.submit(() -> begin(self, epoch, lastKnown)).syncUninterruptibly();
            log.atInfo()
                    .addKeyValue("node", secrets.nodeKey().id())
                    .addKeyValue("address", self)
                    .addKeyValue("epoch", epoch)
                    .log("gossip started");
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private void warn(int members) {
        for (String warning : SwimAdvice.warnings(settings.timing(), members)) {
            log.atWarn()
                    .addKeyValue("members", members)
                    .addKeyValue("why", warning)
                    .log("dangerous gossip tuning");
        }
    }

    private void begin(PeerAddress self, long epoch, List<Frame> lastKnown) {
        startedAt = environment.monotonic().nanos();
        GossipMachine started = newMachine(self, epoch);
        machine = started;
        pool.start(started);
        List<PeerAddress> known = new ArrayList<>();
        for (Frame frame : lastKnown) {
            if (frame instanceof Alive alive
                    && !alive.about().equals(secrets.nodeKey().id())) {
                known.add(alive.address());
            }
        }
        pool.step("recall", m -> m.recall(lastKnown, environment.monotonic().nanos()));
        PoolEntrance opened = new PoolEntrance(
                new PoolEntrance.Surroundings(
                        loop,
                        new SeedNames(loop, threads.resolver(), NameLookup.SYSTEM),
                        environment.random(),
                        environment.monotonic()::nanos),
                new Way());
        entrance = opened;
        opened.keepTrying(settings.retryJoin(), known, settings.retryInterval());
        refreshView();
        repeated.add(loop.scheduleAtFixedRate(
                this::eachSecond, VIEW_INTERVAL_MILLIS, VIEW_INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
        repeated.add(loop.scheduleAtFixedRate(
                () -> threads.resolver()
                        .execute(() -> ourselves =
                                OwnAddresses.of(self, settings.listening().bind())),
                INTERFACES_SECONDS,
                INTERFACES_SECONDS,
                TimeUnit.SECONDS));
        publishPending();
    }

    private GossipMachine newMachine(PeerAddress self, long epoch) {
        SecureRandom random = environment.random();
        NodeKey key = secrets.nodeKey();
        KeySchedules keys = new KeySchedules(settings.poolLabel(), keyring);
        EnvelopeGuard envelope = new EnvelopeGuard(keys, key.id(), random);
        guard = envelope;
        return new GossipMachine(
                new GossipMachine.Parts(
                        settings.timing(),
                        new Membership.Identity(
                                new PoolSigner(key, settings.poolLabel()),
                                self,
                                settings.listening().tunnelPort(),
                                settings.server()),
                        epoch,
                        new GossipMachine.Security(envelope, new EnvelopeStreams(key.id(), random), keys),
                        new GossipMachine.Chance(new SplittableRandom(random.nextLong()), environment.wall())),
                environment.monotonic().nanos());
    }

    /** The pool as the entrance looks for it. */
    private final class Way implements PoolEntrance.Pool {
        @Override
        public void ask(PeerAddress address, Consumer<Boolean> ended) {
            pool.join(address, ended);
        }

        @Override
        public Set<PeerAddress> present() {
            return presentMembers().map(member -> member.alive().address()).collect(Collectors.toSet());
        }

        @Override
        public boolean hasAnswered() {
            return presentMembers().anyMatch(member -> member.roundTripNanos() >= 0);
        }

        @Override
        public OwnAddresses ourselves() {
            return ourselves;
        }

        private Stream<MemberState> presentMembers() {
            GossipMachine running = machine;
            return running == null
                    ? Stream.empty()
                    : running.others().stream()
                            .filter(member -> member.standing().isPresent());
        }
    }

    /** How the search for the pool goes. */
    public JoinStatus joinStatus() {
        PoolEntrance open = entrance;
        return open == null ? JoinStatus.NOT_STARTED : open.status();
    }

    /**
     * Asks {@code hosts} for the pool. Those that do not answer are asked again in the background until there is company.
     *
     * @return how many answered at the first try
     */
    public CompletableFuture<Integer> join(List<HostPort> hosts) {
        CompletableFuture<Integer> joined = new CompletableFuture<>();
        onLoop(joined, () -> {
            PoolEntrance open = entrance;
            if (open == null) {
                joined.completeExceptionally(new IllegalStateException("the pool is not started"));
                return;
            }
            open.join(hosts).whenComplete((count, failure) -> {
                if (failure != null) {
                    joined.completeExceptionally(failure);
                } else {
                    joined.complete(count);
                }
            });
        });
        return joined;
    }

    /** Tells everybody what this host offers. Only the newest content counts when several come at once. */
    public void publish(NodeContent content) {
        if (!content.node().id().equals(secrets.nodeKey().id())) {
            throw new IllegalArgumentException(
                    "content of node " + content.node().id() + " (expected: of this node, "
                            + secrets.nodeKey().id() + "); nothing was published");
        }
        records.put(content.node().id(), content.node());
        if (unpublished.getAndSet(content) == null && state.get() == State.STARTED) {
            loop.execute(this::publishPending);
        }
    }

    private void publishPending() {
        NodeContent content = machine == null ? null : unpublished.getAndSet(null);
        if (content != null) {
            pool.step("publish", m -> m.publish(content, environment.monotonic().nanos()));
        }
    }

    /** Everybody this host knows of, itself first; at most a second old. */
    public List<MemberView> members() {
        View current = view;
        if (current == null) {
            return List.of();
        }
        List<MemberView> members = new ArrayList<>(current.others().size() + 1);
        members.add(selfView(current));
        for (MemberState member : current.others()) {
            members.add(view(member));
        }
        return members;
    }

    private MemberView selfView(View current) {
        Alive own = current.own();
        Optional<NodeRecord> record = Optional.ofNullable(records.get(own.about()));
        return new MemberView(
                own.about(),
                record.map(NodeRecord::name),
                own.address().ip(),
                own.address().port(),
                own.tunnelPort(),
                own.isServer(),
                left.isDone() ? Liveness.LEFT : Liveness.ALIVE,
                own.incarnation().epoch(),
                own.incarnation().number(),
                Optional.of(Duration.ZERO),
                record.map(NodeRecord::version),
                "this host",
                since(current.startedAt()),
                Optional.of(Duration.ZERO),
                false,
                true);
    }

    private MemberView view(MemberState member) {
        Optional<NodeRecord> record = Optional.ofNullable(records.get(member.id()));
        Alive word = member.alive();
        return new MemberView(
                member.id(),
                record.map(NodeRecord::name),
                word.address().ip(),
                word.address().port(),
                word.tunnelPort(),
                word.isServer(),
                member.shown(),
                member.incarnation().epoch(),
                member.incarnation().number(),
                member.roundTripNanos() < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(member.roundTripNanos())),
                record.map(NodeRecord::version),
                member.shown() == member.standing().liveness()
                        ? member.reason()
                        : member.reason() + "; kept, because many failed at once",
                since(member.changedAt()),
                member.contact().heardAt() < 0
                        ? Optional.empty()
                        : Optional.of(since(member.contact().heardAt())),
                member.contact().onlyByStream(),
                false);
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(Math.max(0, environment.monotonic().nanos() - nanos));
    }

    /** The members, for layers that keep membership of their own. */
    public PoolMembers poolMembers() {
        return pool.members();
    }

    /** Where everybody is in the network, this host included; who was not heard of yet is left out. */
    public Map<NodeId, Coordinate> coordinates() {
        View current = view;
        Map<NodeId, Coordinate> coordinates = new LinkedHashMap<>();
        if (current != null) {
            coordinates.put(current.own().about(), current.coordinate());
            for (MemberState member : current.others()) {
                if (!member.contact().coordinate().equals(Coordinate.ORIGIN)) {
                    coordinates.put(member.id(), member.contact().coordinate());
                }
            }
        }
        return coordinates;
    }

    /** The round trip to be expected between two members; empty while one of them was not heard of. */
    public Optional<Duration> distance(NodeId one, NodeId other) {
        Map<NodeId, Coordinate> coordinates = coordinates();
        Coordinate from = coordinates.get(one);
        Coordinate to = coordinates.get(other);
        return from == null || to == null ? Optional.empty() : Optional.of(from.distanceTo(to));
    }

    /** What is dangerous in these settings for a pool of the present size, for people; empty when nothing is. */
    public List<String> tuningWarnings() {
        View current = view;
        int members = current == null
                ? 1
                : 1
                        + (int) current.others().stream()
                                .filter(member -> member.standing().isPresent())
                                .count();
        return SwimAdvice.warnings(settings.timing(), members);
    }

    /** Where this host's gossip sockets are; the port is the one really bound. Empty until {@link #start}. */
    public Optional<HostPort> address() {
        View current = view;
        return current == null
                ? Optional.empty()
                : Optional.of(new HostPort(
                        current.own().address().ip().toString(),
                        current.own().address().port()));
    }

    /** Where its sockets listen, both of them; empty before {@link #start}, after the end, and if one of them was closed. */
    public Optional<HostPort> listening() {
        return pool.transport().isListening()
                ? address().map(own -> new HostPort(settings.listening().bind().toString(), own.port()))
                : Optional.empty();
    }

    /** Seals with the keyring's primary key and opens with all its keys from now on; also before {@link #start}. */
    public void useKeyring(Keyring changed) {
        keyring = changed;
        KeySchedules keys = new KeySchedules(settings.poolLabel(), changed);
        loop.execute(() -> {
            EnvelopeGuard envelope = guard;
            if (envelope != null) {
                envelope.use(keys);
            }
            pool.step("keyring", m -> m.use(keys));
        });
    }

    /** Says goodbye, so that nobody takes the end for a failure; done when all who can hear have been told. */
    public CompletableFuture<@Nullable Void> leave() {
        onLoop(
                left,
                () -> pool.step("leave", m -> m.leave(environment.monotonic().nanos())));
        return left;
    }

    /**
     * Gives up a failed member before its time, here and everywhere.
     *
     * @return whether a failed member has that name or id
     */
    public CompletableFuture<Boolean> forceLeave(NodeName name) {
        CompletableFuture<Boolean> forced = new CompletableFuture<>();
        onLoop(forced, () -> {
            boolean[] any = new boolean[1];
            pool.step("force-leave", m -> {
                for (MemberState member : m.others()) {
                    if (member.standing() == Standing.DEAD && isCalled(member.id(), name)) {
                        any[0] |=
                                m.forceOut(member.id(), environment.monotonic().nanos());
                    }
                }
            });
            forced.complete(any[0]);
        });
        return forced;
    }

    private boolean isCalled(NodeId id, NodeName name) {
        NodeRecord record = records.get(id);
        return record != null && record.name().equals(name) || id.toString().equals(name.folded());
    }

    private void onLoop(CompletableFuture<?> result, Runnable task) {
        if (state.get() == State.STARTED) {
            loop.execute(task);
        } else {
            result.completeExceptionally(new IllegalStateException("the pool is not running"));
        }
    }

    private void membersChanged() {
        if (!viewDue) {
            viewDue = true;
            loop.schedule(this::refreshView, VIEW_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (!snapshotDue) {
            snapshotDue = true;
            View current = view;
            boolean large = current != null && current.others().size() > LARGE_SNAPSHOT_MEMBERS;
            loop.schedule(this::storeSnapshot, large ? LARGE_SNAPSHOT_SECONDS : SNAPSHOT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void eachSecond() {
        refreshView();
        GossipMachine running = machine;
        if (running != null) {
            reports.load(running.load(environment.monotonic().nanos()));
        }
    }

    private void refreshView() {
        viewDue = false;
        GossipMachine running = machine;
        if (running != null) {
            view = new View(running.ownWord(), List.copyOf(running.others()), running.coordinate(), startedAt);
        }
    }

    private void storeSnapshot() {
        snapshotDue = false;
        GossipMachine running = machine;
        if (running != null) {
            storage.storeSnapshot(running.snapshot());
        }
    }

    /** Ends without a word: others will find this host dead, unless it {@link #leave left} before. May be called twice. */
    @Override
    public void close() {
        State before = state.getAndSet(State.CLOSED);
        if (before == State.CLOSED) {
            return;
        }
        if (before == State.STARTED) {
            loop.submit(this::storeSnapshot).awaitUninterruptibly();
        }
        pool.transport().close();
        loop.submit(this::stop).awaitUninterruptibly();
        storage.awaitStored(CLOSE_SECONDS);
        if (ownsThreads) {
            threads.close();
        }
        left.completeExceptionally(new IllegalStateException("the pool was closed"));
    }

    // On the loop, which others may go on using: nothing of this pool runs on it afterwards.
    private void stop() {
        machine = null;
        PoolEntrance open = entrance;
        if (open != null) {
            open.stop();
        }
        repeated.forEach(task -> task.cancel(false));
        pool.stop();
    }
}
