package io.culvert.agent.keyring;

import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.KeyringRefused;
import io.culvert.gossip.keyring.PoolKey;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This host's keyring: on disk before it is used, so that no crash leaves a host that seals with a key it has lost. Changes
 * come one at a time and block for the disk; reading never blocks.
 */
public final class KeyringKeeper {
    private static final Logger log = LoggerFactory.getLogger(KeyringKeeper.class);

    private final Disk disk;
    private final List<Consumer<Keyring>> users = new CopyOnWriteArrayList<>();
    private volatile Keyring ring; // written under the lock

    /** Where the keyring is kept. */
    @FunctionalInterface
    public interface Disk {
        /** Returns when a crash can no longer lose it. */
        void write(Keyring ring) throws IOException;
    }

    /** What becomes of a keyring. */
    @FunctionalInterface
    interface Step {
        Keyring after(Keyring present) throws KeyringRefused;
    }

    /** @param ring as it is on the disk */
    public KeyringKeeper(Keyring ring, Disk disk) {
        this.ring = ring;
        this.disk = disk;
    }

    /** The keys in use. */
    public Keyring current() {
        return ring;
    }

    /** Hands every later keyring to {@code user}, who must not block; the present one at once. */
    public synchronized void usedBy(Consumer<Keyring> user) {
        users.add(user);
        user.accept(ring);
    }

    /** Numbers of the keys, the one that seals first. */
    List<String> numbers() {
        return numbers(ring);
    }

    static List<String> numbers(Keyring ring) {
        return ring.list().stream().map(PoolKey::idText).toList();
    }

    /**
     * Makes the change, on disk and then in use.
     *
     * @throws KeyringRefused if it breaks the rules of keyrings
     * @throws IOException if it could not be written; the keys are as before in both cases
     */
    synchronized Keyring change(Step step) throws KeyringRefused, IOException {
        Keyring next = step.after(ring);
        if (!next.equals(ring)) {
            install(next);
        }
        return next;
    }

    /** Takes {@code next} over if the keys are still {@code expected}; false: they have changed since. */
    synchronized boolean replace(Keyring expected, Keyring next) throws IOException {
        if (!ring.equals(expected)) {
            return false;
        }
        if (!next.equals(ring)) {
            install(next);
        }
        return true;
    }

    private void install(Keyring next) throws IOException {
        disk.write(next);
        log.atInfo()
                .addKeyValue("before", numbers(ring))
                .addKeyValue("after", numbers(next))
                .log("gossip keys changed");
        ring = next;
        users.forEach(user -> user.accept(next));
    }
}
