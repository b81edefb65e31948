package io.culvert.gossip.replication;

import static java.util.Objects.requireNonNull;

import io.culvert.catalog.NodeContent;
import java.time.Duration;
import java.util.ArrayList;

/** Owners that exist only by what they signed. */
final class Worlds {
    private Worlds() {}

    /** The complete records of an owner at version {@code version} of epoch 1. */
    static Repair repair(FakeKey key, int version, NodeContent content) {
        return repair(key, 1, version, content, 1_800_000_000L);
    }

    static Repair repair(FakeKey key, long epoch, int version, NodeContent content, long wallSeconds) {
        OwnRecords records = new OwnRecords(key.id(), key, epoch, 1_197);
        Moment now = new Moment(0, wallSeconds);
        try {
            requireNonNull(records.publish(content, now));
        } catch (ContentRefused unexpected) {
            throw new AssertionError(unexpected);
        }
        for (int i = 1; i < version; i++) {
            records.signAgain(now);
        }
        return new Repair(
                requireNonNull(records.head()),
                key.publicKey(),
                new ArrayList<>(records.set().slots().keySet()),
                records.set().changedSince(0));
    }

    /** Hands {@code repair} to {@code host} and waits for the verdict. */
    static void give(World world, World.Host host, Repair repair) {
        host.replication.onFrame(host.id(), repair.frame(), world.moment());
        world.run(Duration.ofMillis(30));
    }
}
