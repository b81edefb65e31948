package io.culvert.agent.http;

import io.culvert.agent.pool.PoolWatch;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.LoopbackPool;
import io.culvert.catalog.LoopbackTable;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.gossip.JoinStatus;
import io.culvert.gossip.MemberView;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.identity.Intention;
import io.culvert.identity.IntentionSource;
import io.culvert.identity.IntentionTable;
import io.culvert.identity.Subscription;
import io.culvert.identity.TrustBundle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Plays the rest of the agent: keeps the contracts of the API's doors in memory. */
final class FakeDoors implements Membership, Policy, JoinTokens, Lifecycle, StatusReport, IntentionSource {
    final List<String> joined = new CopyOnWriteArrayList<>();
    final List<String> forcedOut = new CopyOnWriteArrayList<>();
    final PoolWatch watch = new PoolWatch(SystemClocks.MONOTONIC);
    final Map<NodeId, Coordinate> coordinates = new ConcurrentHashMap<>();
    volatile JoinStatus join = JoinStatus.NOT_STARTED;
    final List<String> notReady = new CopyOnWriteArrayList<>();
    final AtomicInteger exits = new AtomicInteger();
    volatile Optional<TrustBundle> bundle = Optional.empty();
    volatile Optional<String> leader = Optional.of("127.0.0.1:8443");
    volatile Optional<String> reloadProblem = Optional.empty();
    private final List<IntentionSource.Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<Intention.Pair, Intention> written = new LinkedHashMap<>();
    private final Map<String, Outstanding> tokens = new LinkedHashMap<>();
    private volatile IntentionTable table = IntentionTable.EMPTY;

    @Override
    public List<MemberView> members() {
        return List.of(member(1, "n1", Liveness.ALIVE, true), member(2, "n2", Liveness.FAILED, false));
    }

    private static MemberView member(long id, String name, Liveness liveness, boolean self) {
        return new MemberView(
                new NodeId(id, id),
                Optional.of(new NodeName(name)),
                IpAddress.parse("127.0.0." + id),
                8301,
                8443,
                self,
                liveness,
                5,
                3,
                self ? Optional.empty() : Optional.of(Duration.ofNanos(1_234_567)),
                Optional.of("0.1.0"),
                self ? "" : "no answer",
                Duration.ofSeconds(90),
                Optional.of(Duration.ofSeconds(1)),
                false,
                self);
    }

    @Override
    public Optional<String> join(String address) {
        joined.add(address);
        return address.startsWith("nowhere") ? Optional.of("no member answers at " + address) : Optional.empty();
    }

    @Override
    public ForceLeave forceLeave(String node, boolean prune) {
        forcedOut.add(node + (prune ? " for good" : ""));
        return switch (node) {
            case "n1" -> ForceLeave.PRESENT;
            case "n2" -> ForceLeave.DONE;
            case "n3" -> ForceLeave.LEFT_BEFORE;
            case "slow" -> ForceLeave.UNANSWERED;
            default -> ForceLeave.UNKNOWN;
        };
    }

    @Override
    public Map<NodeId, Coordinate> coordinates() {
        return coordinates;
    }

    @Override
    public PoolState pool() {
        return PoolState.of(members(), join, watch.state(), List.of());
    }

    @Override
    public Optional<String> leader() {
        return leader;
    }

    @Override
    public List<String> servers() {
        return leader.map(List::of).orElse(List.of());
    }

    @Override
    public IntentionSource intentions() {
        return this;
    }

    @Override
    public IntentionTable current() {
        return table;
    }

    @Override
    public Subscription subscribe(IntentionSource.Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public Optional<TrustBundle> bundle() {
        return bundle;
    }

    @Override
    public Subscription onBundleChange(Runnable listener) {
        return () -> {};
    }

    @Override
    public Optional<Duration> age() {
        return leader.map(address -> Duration.ofMillis(12));
    }

    @Override
    public synchronized WriteOutcome put(Intention intention) {
        if (leader.isEmpty()) {
            return new Unreachable("No cluster leader: no server answers");
        }
        Intention known = written.get(intention.pair());
        if (known != null && !known.isFromApi()) {
            return new Policy.Refused("it stands in " + known.origin() + ": change it there");
        }
        written.put(intention.pair(), intention);
        publish();
        return new Written();
    }

    /** As if it stood in a file of the server. */
    synchronized void declare(Intention intention) {
        written.put(intention.pair(), intention);
        publish();
    }

    @Override
    public synchronized WriteOutcome delete(Intention.Pair pair) {
        if (written.remove(pair) != null) {
            publish();
        }
        return new Written();
    }

    private void publish() {
        table = IntentionTable.of(table.version() + 1, new ArrayList<>(written.values()));
        listeners.forEach(listener -> listener.intentionsChanged(table));
    }

    @Override
    public synchronized Outcome create(Duration life, int uses) {
        if (leader.isEmpty()) {
            return new JoinTokens.Refused("only a server makes join tokens: ask 127.0.0.1:8443");
        }
        String id = "t" + (tokens.size() + 1);
        Instant expires = Instant.ofEpochSecond(1_000).plus(life);
        tokens.put(id, new Outstanding(id, expires, uses));
        return new Created(id, "culvert-secret-" + id, expires);
    }

    @Override
    public synchronized List<Outstanding> outstanding() {
        return List.copyOf(tokens.values());
    }

    @Override
    public synchronized boolean revoke(String id) {
        return tokens.remove(id) != null;
    }

    @Override
    public Optional<String> reload() {
        return reloadProblem;
    }

    @Override
    public Optional<String> leave() {
        return Optional.empty();
    }

    @Override
    public void exit() {
        exits.incrementAndGet();
    }

    @Override
    public AgentStatus status() {
        return new AgentStatus(
                Instant.EPOCH,
                notReady,
                List.of(new StatusReport.Listener("web", "127.64.1.2:80", "failed", "address in use", "stop nginx")),
                List.of(new FileProblem("web.hcl:3:1", true, "unknown key 'prot' (did you mean 'port'?)")),
                List.of(new Certificate("spiffe://x/a", Instant.EPOCH, Instant.ofEpochSecond(5_000_000_000L))),
                Map.of("pooled_connections", 3L),
                Map.of("data_dir", "/var/lib/culvert"));
    }

    @Override
    public LoopbackTable loopback() {
        return LoopbackTable.empty(LoopbackPool.DEFAULT).with(new ServiceName("web"), 5);
    }
}
