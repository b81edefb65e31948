package io.culvert.agent;

import io.culvert.agent.files.DurableFile;
import io.culvert.agent.keyring.KeyringConductor;
import io.culvert.agent.keyring.KeyringFollower;
import io.culvert.agent.keyring.KeyringKeeper;
import io.culvert.agent.keyring.KeyringMembers;
import io.culvert.agent.keyring.KeyringService;
import io.culvert.agent.keyring.KeysElsewhere;
import io.culvert.agent.keyring.PoolKeys;
import io.culvert.agent.life.AgentThreads;
import io.culvert.agent.life.Closing;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.gossip.GossipPool;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * The gossip keys of this host: what servers may order, and, by role, the one who orders or the one who asks for what it
 * missed.
 */
final class KeyringPart {
    private final PoolKeys door;
    private final Optional<KeyringFollower> follower;

    /**
     * What a keyring part stands on.
     *
     * @param note where a server notes an unfinished rotation
     * @param elsewhere says, on a host that is no server, where keys are changed
     */
    record Ground(
            MeshPart mesh,
            GossipPool pool,
            AgentThreads threads,
            NodeId self,
            DurableFile note,
            Supplier<String> elsewhere,
            SecureRandom random) {}

    KeyringPart(Ground ground, Closing closing) {
        MeshPart mesh = ground.mesh();
        KeyringKeeper keeper = mesh.keyring();
        String pool = mesh.membership().pool().text();
        KeyringService.Place place =
                new KeyringService.Place(pool, mesh.membership().datacenter(), mesh::isServer);
        KeyringService.register(keeper, place, mesh.forMembers());
        if (mesh.membership().server()) {
            KeyringService.registerServer(keeper, place, mesh.forMembers());
            follower = Optional.empty();
            door = new KeyringConductor(
                    keeper,
                    new KeyringConductor.Hosts(
                            ground.self(),
                            pool,
                            () -> new KeyringMembers(ground.pool().members()),
                            mesh::target,
                            mesh.requests()),
                    new KeyringConductor.Surroundings(
                            ground.note(), ground.threads().serial(), ground.random()));
        } else {
            follower = Optional.of(closing.add(
                    "follower of gossip keys",
                    new KeyringFollower(
                            keeper,
                            pool,
                            mesh.requests(),
                            new KeyringFollower.Surroundings(
                                    ground.threads().serial(),
                                    SystemClocks.MONOTONIC,
                                    new SplittableRandom(ground.random().nextLong())))));
            door = new KeysElsewhere(keeper, ground.elsewhere());
        }
        keeper.usedBy(ground.pool()::useKeyring);
    }

    /** Begins to ask servers for what was missed; requests between agents must be possible. */
    void start() {
        follower.ifPresent(KeyringFollower::start);
    }

    /** Somebody in gossip uses a key that is not here. Quick. */
    void unknownKeyHeard() {
        follower.ifPresent(KeyringFollower::unknownKeyHeard);
    }

    PoolKeys door() {
        return door;
    }
}
