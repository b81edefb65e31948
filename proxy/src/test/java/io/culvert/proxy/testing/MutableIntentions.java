package io.culvert.proxy.testing;

import io.culvert.identity.Intention;
import io.culvert.identity.IntentionSource;
import io.culvert.identity.IntentionTable;
import io.culvert.identity.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Intentions that a test changes. */
public final class MutableIntentions implements IntentionSource {
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<Intention> intentions = new ArrayList<>();
    private volatile IntentionTable table = IntentionTable.EMPTY;

    public void allow(String source, String destination) {
        set(source, destination, Intention.Action.ALLOW);
    }

    public void deny(String source, String destination) {
        set(source, destination, Intention.Action.DENY);
    }

    private synchronized void set(String source, String destination, Intention.Action action) {
        intentions.removeIf(
                one -> one.source().equals(source) && one.destination().equals(destination));
        intentions.add(new Intention(source, destination, action, "", Map.of(), Intention.FROM_API));
        table = IntentionTable.of(table.version() + 1, intentions);
        listeners.forEach(listener -> listener.intentionsChanged(table));
    }

    @Override
    public IntentionTable current() {
        return table;
    }

    @Override
    public Subscription subscribe(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
