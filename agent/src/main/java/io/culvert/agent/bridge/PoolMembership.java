package io.culvert.agent.bridge;

import io.culvert.agent.http.Membership;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.NodeName;
import io.culvert.gossip.GossipPool;
import io.culvert.gossip.HostPort;
import io.culvert.gossip.MemberView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The pool, as the API shows and steers it. */
public final class PoolMembership implements Membership {
    private static final long PATIENCE_SECONDS = 10;

    private final GossipPool pool;
    private final CatalogView catalog;

    public PoolMembership(GossipPool pool, CatalogView catalog) {
        this.pool = pool;
        this.catalog = catalog;
    }

    @Override
    public List<MemberView> members() {
        return pool.members();
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
    public boolean forceLeave(String nodeName, boolean prune) {
        return wait(pool.forceLeave(new NodeName(nodeName))).orElse(false);
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
