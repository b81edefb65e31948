package io.culvert.agent.http;

import io.culvert.agent.keyring.KeyringProgress;
import io.culvert.agent.keyring.PoolKeys;
import io.culvert.identity.Subscription;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The pool's keys as the API sees them: an operation runs until the test ends it. */
final class FakeKeys implements PoolKeys {
    final List<Operation> begun = new CopyOnWriteArrayList<>();
    volatile Optional<String> refusal = Optional.empty();
    volatile Optional<String> unfinished = Optional.empty();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile KeyringProgress progress = KeyringProgress.NONE;

    void progress(KeyringProgress now) {
        progress = now;
        listeners.forEach(Runnable::run);
    }

    @Override
    public List<String> own() {
        return List.of("00000001", "00000002");
    }

    @Override
    public Optional<String> begin(Operation operation) {
        if (refusal.isEmpty()) {
            begun.add(operation);
            progress = new KeyringProgress("test", "doing it", true, "", List.of());
        }
        return refusal;
    }

    @Override
    public KeyringProgress progress() {
        return progress;
    }

    @Override
    public boolean isRunning() {
        return progress.running();
    }

    @Override
    public Optional<String> unfinished() {
        return unfinished;
    }

    @Override
    public Subscription onProgress(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
