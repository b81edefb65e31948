package io.culvert.agent.keyring;

import io.culvert.identity.Subscription;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The door on a host that is no server: shows its own keys, and says where the pool's are changed. */
public final class KeysElsewhere implements PoolKeys {
    private final KeyringKeeper keeper;
    private final Supplier<String> where;

    /** @param where the servers, for people */
    public KeysElsewhere(KeyringKeeper keeper, Supplier<String> where) {
        this.keeper = keeper;
        this.where = where;
    }

    @Override
    public List<String> own() {
        return keeper.numbers();
    }

    /** Otherwise whoever is root on one host could lock all others out. */
    @Override
    public Optional<String> begin(Operation operation) {
        return Optional.of(where.get());
    }

    @Override
    public KeyringProgress progress() {
        return KeyringProgress.NONE;
    }

    @Override
    public boolean isRunning() {
        return false;
    }

    @Override
    public Optional<String> unfinished() {
        return Optional.empty();
    }

    @Override
    public Subscription onProgress(Runnable listener) {
        return () -> {};
    }
}
