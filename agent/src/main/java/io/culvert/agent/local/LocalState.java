package io.culvert.agent.local;

import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.clock.WallClock;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckResult;
import io.culvert.health.RestoredStatus;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's own services and checks. Changes of what is declared are validated whole, stored, and only then in force;
 * they may wait for the disk, one after the other. Results of checks and reading never wait for the disk. Any thread.
 *
 * <p>Two locks: {@code changing} is held for a whole change of what is declared, its disk writes included; {@code
 * publishing} only while a new view is made and told to the listener.
 */
public final class LocalState {
    private static final Logger log = LoggerFactory.getLogger(LocalState.class);

    private final LocalStore store;
    private final CheckRunner runner;
    private final WallClock clock;
    private final LocalListener listener;
    private final ReentrantLock changing = new ReentrantLock();
    private final ReentrantLock publishing = new ReentrantLock();
    private Map<String, RestoredStatus> restored; // of the former life until files are applied; under publishing
    private Map<String, RestoredStatus> kept; // what the store has; under changing
    private Registrations registrations; // written under both locks
    private NodeRecord node; // under publishing
    private boolean filesApplied; // under publishing
    private volatile LocalView view; // written under publishing

    /**
     * Loads what was kept. Nothing of it is in force before {@link #applyFiles}, which comes next: the first view that is
     * told to {@code listener} is a whole one.
     */
    public LocalState(NodeRecord node, LocalStore store, CheckRunner runner, WallClock clock, LocalListener listener)
            throws IOException {
        this.node = node;
        this.store = store;
        this.runner = runner;
        this.clock = clock;
        this.listener = listener;
        LocalStore.Stored stored = store.load();
        this.registrations = stored.registrations();
        this.restored = stored.results();
        this.kept = stored.results();
        this.view = ViewBuilder.empty(node);
    }

    /** What is in force. Never blocks. */
    public LocalView view() {
        return view;
    }

    /** The last output of a check; empty when there was none. Never blocks. */
    public String output(String checkId) {
        CheckResult result = runner.results().get(checkId);
        return result == null ? "" : result.output();
    }

    /** Replaces all that service files declare. Also ends what the API had hidden of files, as a reload of Consul does. */
    public LocalOutcome applyFiles(FileSet files) {
        return change(known -> known.withFiles(files, seconds()));
    }

    /** @param replaceChecks whether checks that the registration does not name are removed; Consul's default is to keep them */
    public LocalOutcome register(ServiceRegistration service, boolean replaceChecks) {
        return change(known -> known.withService(service, replaceChecks, seconds()));
    }

    public LocalOutcome deregister(String serviceId) {
        return change(known -> known.withoutService(serviceId, seconds()));
    }

    public LocalOutcome registerCheck(CheckDefinition check) {
        return change(known -> known.withCheck(check, seconds()));
    }

    public LocalOutcome deregisterCheck(String checkId) {
        return change(known -> known.withoutCheck(checkId, seconds()));
    }

    /** @param reason for people; empty text: a default sentence; empty: maintenance ends */
    public LocalOutcome serviceMaintenance(String serviceId, Optional<String> reason) {
        return change(known -> known.service(serviceId).isEmpty()
                ? new Registrations.Step(
                        known, new LocalOutcome.Unknown("No service registered with ID \"" + serviceId + "\""))
                : known.withMaintenance(Maintenance.serviceCheck(serviceId), reason, seconds()));
    }

    /** @param reason as in {@link #serviceMaintenance} */
    public LocalOutcome nodeMaintenance(Optional<String> reason) {
        return change(known -> known.withMaintenance(Maintenance.NODE_CHECK, reason, seconds()));
    }

    /** Replaces what this host says of itself. Never waits for the disk. */
    public void nodeChanged(NodeRecord changed) {
        publishing.lock();
        try {
            node = changed;
            publish();
        } finally {
            publishing.unlock();
        }
    }

    /** Takes over where the checks stand now; for whoever hears that a status changed. Never waits for the disk. */
    public void checksChanged() {
        publishing.lock();
        try {
            publish();
        } finally {
            publishing.unlock();
        }
    }

    /**
     * Stores where the checks stand, when that is news. May wait for the disk. To be called now and then, and before the
     * agent ends, so that nothing flaps when it is back.
     */
    public void keepResults() throws IOException {
        changing.lock();
        try {
            Map<String, RestoredStatus> present = Map.copyOf(runner.persisted());
            if (!present.equals(kept)) {
                store.saveResults(present);
                kept = present;
            }
        } finally {
            changing.unlock();
        }
    }

    private LocalOutcome change(Function<Registrations, Registrations.Step> rule) {
        changing.lock();
        try {
            Registrations before = registrations;
            Registrations.Step step = rule.apply(before);
            if (!step.outcome().isApplied()) {
                return step.outcome();
            }
            store.save(before, step.next());
            apply(step.next());
            return step.outcome();
        } catch (IOException e) {
            log.atError().setCause(e).log("registration not stored");
            return new LocalOutcome.NotStored("the registration could not be written to the data directory: "
                    + e.getMessage() + "; nothing was changed (expected: a writable disk with free space)");
        } finally {
            changing.unlock();
        }
    }

    private void apply(Registrations next) {
        publishing.lock();
        try {
            registrations = next;
            filesApplied = true;
            runner.apply(ViewBuilder.checkDefinitions(next), restored);
            restored = Map.of();
            publish();
        } finally {
            publishing.unlock();
        }
    }

    private void publish() {
        if (!filesApplied) {
            return;
        }
        LocalView before = view;
        LocalView after = ViewBuilder.build(node, registrations, runner.results(), before);
        if (!after.equals(before)) {
            view = after;
            listener.changed(before, after);
        }
    }

    private long seconds() {
        return clock.now().getEpochSecond();
    }
}
