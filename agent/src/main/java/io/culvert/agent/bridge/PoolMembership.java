package io.culvert.agent.bridge;

import io.culvert.agent.http.Membership;
import io.culvert.agent.pool.PoolWatch;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.gossip.GossipPool;
import io.culvert.gossip.HostPort;
import io.culvert.gossip.MemberView;
import io.culvert.gossip.wire.Coordinate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pool, as the API shows and steers it. */
public final class PoolMembership implements Membership {
    private static final long PATIENCE_SECONDS = 10;

    private final GossipPool pool;
    private final CatalogView catalog;
    private final PoolWatch watch;
    /** Members of the pool only, so no more than those. */
    private final Set<NodeId> pruned = ConcurrentHashMap.newKeySet();

    public PoolMembership(GossipPool pool, CatalogView catalog, PoolWatch watch) {
        this.pool = pool;
        this.catalog = catalog;
        this.watch = watch;
    }

    @Override
    public List<MemberView> members() {
        List<MemberView> all = pool.members();
        if (pruned.isEmpty()) {
            return all;
        }
        // Whoever came back is a member like any other; whoever is forgotten need not be remembered here.
        Set<NodeId> gone = all.stream()
                .filter(member -> !member.liveness().isRoutable())
                .map(MemberView::id)
                .collect(Collectors.toSet());
        pruned.retainAll(gone);
        return all.stream().filter(member -> !pruned.contains(member.id())).toList();
    }

    @Override
    public Optional<String> join(String address) {
        HostPort host;
        try {
            host = HostPort.parse(address);
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        String unanswered =
                host + " did not answer (is an agent of this pool running there, and its gossip port open?)";
        return wait(pool.join(List.of(host))
                        .thenApply(count -> count > 0 ? Optional.<String>empty() : Optional.of(unanswered)))
                .orElse(Optional.of(unanswered));
    }

    @Override
    public ForceLeave forceLeave(String node, boolean prune) {
        ForceLeave outcome = forceLeave(node);
        if (prune && (outcome == ForceLeave.DONE || outcome == ForceLeave.LEFT_BEFORE)) {
            called(node).filter(member -> !member.liveness().isRoutable()).forEach(member -> pruned.add(member.id()));
        }
        return outcome;
    }

    private ForceLeave forceLeave(String node) {
        Optional<Boolean> done = wait(pool.forceLeave(new NodeName(node)));
        if (done.isEmpty()) {
            return ForceLeave.UNANSWERED;
        }
        if (done.get()) {
            return ForceLeave.DONE;
        }
        Set<Liveness> known = called(node).map(MemberView::liveness).collect(Collectors.toSet());
        if (known.stream().anyMatch(Liveness::isRoutable)) {
            return ForceLeave.PRESENT;
        }
        return known.isEmpty() ? ForceLeave.UNKNOWN : ForceLeave.LEFT_BEFORE;
    }

    private Stream<MemberView> called(String node) {
        return pool.members().stream()
                .filter(member -> member.id().toString().equalsIgnoreCase(node)
                        || member.name()
                                .map(name -> name.text().equalsIgnoreCase(node))
                                .orElse(false));
    }

    @Override
    public Map<NodeId, Coordinate> coordinates() {
        return pool.coordinates();
    }

    @Override
    public PoolState pool() {
        return PoolState.of(members(), pool.joinStatus(), watch.state(), pool.tuningWarnings());
    }

    @Override
    public Optional<String> leader() {
        return servers().stream().findFirst();
    }

    @Override
    public List<String> servers() {
        return catalog.current().nodes().stream()
                .filter(node -> node.node().server() && node.liveness().isRoutable())
                .map(PoolMembership::address)
                .sorted()
                .toList();
    }

    private static String address(CatalogNode node) {
        String address = node.node().address().toString();
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":"
                + node.node().tunnelPort();
    }

    private static <T> Optional<T> wait(CompletableFuture<T> future) {
        try {
            return Optional.ofNullable(future.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }
}
