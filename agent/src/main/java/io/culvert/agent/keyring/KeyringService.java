package io.culvert.agent.keyring;

import io.culvert.agent.keyring.KeyringMessages.Change;
import io.culvert.agent.keyring.KeyringMessages.Fetch;
import io.culvert.agent.keyring.KeyringMessages.Ring;
import io.culvert.agent.keyring.KeyringMessages.State;
import io.culvert.agent.rpc.RpcFailure;
import io.culvert.agent.rpc.RpcMethods;
import io.culvert.agent.rpc.RpcPeer;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.KeyringRefused;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.SpiffeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What other agents may ask of this host's keyring: servers may change it, and members may have a server's. */
public final class KeyringService {
    private static final Logger log = LoggerFactory.getLogger(KeyringService.class);

    private final KeyringKeeper keeper;
    private final Place place;

    /**
     * Whose keyring it is.
     *
     * @param pool label of the gossip pool
     * @param datacenter all of whose agents are members of that pool
     * @param isServer whether a certificate's owner is a server that this host knows
     */
    public record Place(String pool, String datacenter, Predicate<SpiffeId> isServer) {}

    private KeyringService(KeyringKeeper keeper, Place place) {
        this.keeper = keeper;
        this.place = place;
    }

    /** Adds {@code keyring.change}, which only servers may ask for. */
    public static void register(KeyringKeeper keeper, Place place, RpcMethods members) {
        KeyringService service = new KeyringService(keeper, place);
        members.register(
                KeyringMessages.CHANGE,
                Change.class,
                (change, peer) -> CompletableFuture.completedFuture(service.change(change, peer)));
    }

    /** Adds {@code keyring.fetch}, for a server. */
    public static void registerServer(KeyringKeeper keeper, Place place, RpcMethods members) {
        KeyringService service = new KeyringService(keeper, place);
        members.register(
                KeyringMessages.FETCH,
                Fetch.class,
                (fetch, peer) -> CompletableFuture.completedFuture(service.fetch(fetch, peer)));
    }

    private State change(Change change, RpcPeer peer) throws RpcFailure {
        if (peer.id().filter(place.isServer()).isEmpty()) {
            log.atWarn().addKeyValue("peer", peer).log("order about gossip keys refused: not from a server");
            throw RpcFailure.refused(
                    peer + " may not change gossip keys (expected: a server of this mesh); nothing was changed");
        }
        requirePool(change.pool());
        return new State(KeyringKeeper.numbers(apply(keeper, change)));
    }

    /** Carries {@code change} out here. */
    static Keyring apply(KeyringKeeper keeper, Change change) throws RpcFailure {
        try {
            List<PoolKey> keys = new ArrayList<>();
            for (String key : change.install()) {
                keys.add(PoolKey.parse(key));
            }
            return keeper.change(ring -> after(ring, keys, change));
        } catch (IllegalArgumentException | KeyringRefused refused) {
            throw RpcFailure.refused(String.valueOf(refused.getMessage()));
        } catch (IOException failed) {
            log.atError().setCause(failed).log("gossip keys not stored");
            throw RpcFailure.refused("the keyring could not be written to disk: " + failed.getMessage()
                    + "; nothing was changed (expected: a writable disk with free space)");
        }
    }

    private static Keyring after(Keyring ring, List<PoolKey> keys, Change change) throws KeyringRefused {
        Keyring next = ring;
        for (PoolKey key : keys) {
            next = next.install(key);
        }
        if (!change.use().isEmpty()) {
            next = next.use(PoolKey.parseNumber(change.use()));
        }
        for (String number : change.remove()) {
            long id = PoolKey.parseNumber(number);
            next = next.find(id) == null ? next : next.remove(id);
        }
        return next;
    }

    private Ring fetch(Fetch fetch, RpcPeer peer) throws RpcFailure {
        boolean member = peer.id().orElse(null) instanceof AgentIdentity agent
                && agent.datacenter().equals(place.datacenter());
        if (!member) {
            throw RpcFailure.refused(peer + " is in another pool than " + place.pool() + ": it gets none of its keys");
        }
        requirePool(fetch.pool());
        Keyring ring = keeper.current();
        if (KeyringKeeper.numbers(ring).equals(fetch.known())) {
            return new Ring(false, List.of());
        }
        log.atInfo().addKeyValue("peer", peer).log("host fetched the gossip keys");
        return new Ring(true, ring.list().stream().map(PoolKey::reveal).toList());
    }

    private void requirePool(String pool) throws RpcFailure {
        if (!pool.equals(place.pool())) {
            throw RpcFailure.refused(
                    "this host is in pool " + place.pool() + ", not " + pool + "; nothing was changed");
        }
    }
}
