package io.culvert.agent.keyring;

import io.culvert.gossip.keyring.PoolKey;
import io.culvert.identity.Subscription;
import java.util.List;
import java.util.Optional;

/** The keys of the gossip pool, as the API shows and changes them. Any thread. */
public interface PoolKeys {
    /** Numbers of this host's own keys, the one it seals with first. */
    List<String> own();

    /** Begins {@code operation} on every host; {@link #progress} tells how it goes. Why not, if it does not begin. */
    Optional<String> begin(Operation operation);

    /** The change under way, or the last one. */
    KeyringProgress progress();

    /** Whether a change is under way; costs nothing. */
    boolean isRunning();

    /** The number of the key that an unfinished rotation leads to; a further rotation finishes it. */
    Optional<String> unfinished();

    /** Calls {@code listener} after each change of the progress; it must not block. */
    Subscription onProgress(Runnable listener);

    /** What can be done with the pool's keys. */
    sealed interface Operation {}

    /** Asks every host for its keys. */
    record Show() implements Operation {}

    /** Makes every host accept {@code key}; empty: a new one. */
    record Install(Optional<PoolKey> key) implements Operation {}

    /**
     * Makes every host seal with the key of that number.
     *
     * @param force also when a living host lacks it
     */
    record Use(String key, boolean force) implements Operation {}

    /**
     * Makes every host forget the key of that number.
     *
     * @param force also when a living host needs it
     */
    record Remove(String key, boolean force) implements Operation {}

    /** Makes a new key, changes every host over to it, and makes them forget all others; or finishes what it began. */
    record Rotate() implements Operation {}
}
