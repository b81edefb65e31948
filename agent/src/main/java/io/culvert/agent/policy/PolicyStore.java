package io.culvert.agent.policy;

import io.culvert.identity.Intention;
import io.culvert.identity.IntentionSource;
import io.culvert.identity.IntentionTable;
import io.culvert.identity.Subscription;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's intentions: those of its service files, and those created through the API, which are kept on disk. Of one
 * pair the file's counts, and the API may not change it: what stands in a file is changed there. Each change is on disk
 * before it is in force. Changes block; reading never does. Any thread.
 */
public final class PolicyStore implements IntentionSource {
    private static final Logger log = LoggerFactory.getLogger(PolicyStore.class);

    private final String name;
    private final Optional<PolicyFile> file;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private Map<Intention.Pair, Intention> created = new LinkedHashMap<>(); // under the lock
    private List<Intention> declared = List.of(); // under the lock
    // Those who wait for the next version. Each leaves the set when it is done, however that comes: ten thousand agents
    // ask
    // again every minute, and a future that outlives them all would keep every one of their questions.
    private final Set<CompletableFuture<Long>> waiting = ConcurrentHashMap.newKeySet();
    private volatile IntentionTable table; // written under the lock

    private PolicyStore(String name, Optional<PolicyFile> file, long version, Collection<Intention> created) {
        this.name = name;
        this.file = file;
        created.forEach(intention -> this.created.put(intention.pair(), intention));
        this.table = IntentionTable.of(version, created);
    }

    /**
     * A store with what its file holds.
     *
     * @param name tells this mesh's store from every other: agents drop what they know of another one
     * @param file nothing: in memory
     * @throws IOException when the file is damaged. A server must not go on without the intentions that it was given: who
     *     was denied could be let in
     */
    public static PolicyStore open(String name, Optional<io.culvert.agent.files.DurableFile> file) throws IOException {
        Optional<PolicyFile> policyFile = file.map(PolicyFile::new);
        Optional<PolicyFile.Content> content =
                policyFile.isEmpty() ? Optional.empty() : policyFile.get().read();
        return new PolicyStore(
                name,
                policyFile,
                content.map(PolicyFile.Content::version).orElse(1L),
                content.map(PolicyFile.Content::intentions).orElse(List.of()));
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

    String name() {
        return name;
    }

    /** Creates or replaces the intention of a pair. */
    public synchronized PolicyOutcome put(Intention intention) {
        Optional<Intention> fromFile = declared(intention.pair());
        if (fromFile.isPresent()) {
            return declaredInFile(fromFile.get());
        }
        if (!created.containsKey(intention.pair()) && table.intentions().size() >= IntentionTable.MOST_INTENTIONS) {
            return new PolicyOutcome.Refused("there are " + IntentionTable.MOST_INTENTIONS
                    + " intentions already (remove some, or use '*'); nothing was changed");
        }
        Map<Intention.Pair, Intention> changed = new LinkedHashMap<>(created);
        changed.put(intention.pair(), intention);
        return change(changed, declared);
    }

    /** Removes the intention of a pair; one that is not there is removed already. */
    public synchronized PolicyOutcome delete(Intention.Pair pair) {
        Optional<Intention> fromFile = declared(pair);
        if (fromFile.isPresent()) {
            return declaredInFile(fromFile.get());
        }
        if (!created.containsKey(pair)) {
            return new PolicyOutcome.Applied();
        }
        Map<Intention.Pair, Intention> changed = new LinkedHashMap<>(created);
        changed.remove(pair);
        return change(changed, declared);
    }

    /** Replaces what service files declare. */
    public synchronized PolicyOutcome declare(Collection<Intention> fromFiles) {
        for (Intention intention : fromFiles) {
            Intention hidden = created.get(intention.pair());
            if (hidden != null && declared(intention.pair()).isEmpty()) {
                log.atWarn()
                        .addKeyValue("intention", intention.pair())
                        .addKeyValue("file", intention.origin())
                        .log("intention created through the API is hidden by a file");
            }
        }
        return change(created, List.copyOf(fromFiles));
    }

    /** Completes with the version after {@code known}, at once when that is not the present one. Never blocks for long. */
    synchronized CompletableFuture<Long> after(String store, long known) {
        if (!store.equals(name) || known != table.version()) {
            return CompletableFuture.completedFuture(table.version());
        }
        CompletableFuture<Long> next = new CompletableFuture<>();
        waiting.add(next);
        next.whenComplete((version, failure) -> waiting.remove(next));
        return next;
    }

    /** How many wait for the next version. */
    int waiting() {
        return waiting.size();
    }

    private Optional<Intention> declared(Intention.Pair pair) {
        return declared.stream()
                .filter(intention -> intention.pair().equals(pair))
                .findFirst();
    }

    private static PolicyOutcome declaredInFile(Intention intention) {
        return new PolicyOutcome.Refused("intention " + intention.pair() + " stands in " + intention.origin()
                + " on the server: change it there; nothing was changed");
    }

    private PolicyOutcome change(Map<Intention.Pair, Intention> newCreated, List<Intention> newDeclared) {
        Map<Intention.Pair, Intention> all = new LinkedHashMap<>(newCreated);
        newDeclared.forEach(intention -> all.put(intention.pair(), intention));
        IntentionTable present = table;
        IntentionTable changed;
        try {
            changed = IntentionTable.of(present.version() + 1, all.values());
        } catch (IllegalArgumentException e) {
            return new PolicyOutcome.Refused(e.getMessage() + "; nothing was changed");
        }
        boolean same = changed.intentions().equals(present.intentions());
        if (same && newCreated.equals(created)) {
            declared = newDeclared;
            return new PolicyOutcome.Applied();
        }
        try {
            if (file.isPresent()) {
                file.get().write(name, changed.version(), newCreated.values());
            }
        } catch (IOException e) {
            log.atError().setCause(e).log("intentions not stored");
            return new PolicyOutcome.Refused("the intentions could not be written to "
                    + file.get().file().path() + ": " + e.getMessage()
                    + "; nothing was changed (expected: a writable disk with free space)");
        }
        created = newCreated;
        declared = newDeclared;
        publish(changed);
        return new PolicyOutcome.Applied();
    }

    private void publish(IntentionTable changed) {
        table = changed;
        log.atInfo()
                .addKeyValue("version", changed.version())
                .addKeyValue("intentions", changed.intentions().size())
                .log("policy changed");
        listeners.forEach(listener -> listener.intentionsChanged(changed));
        List.copyOf(waiting).forEach(next -> next.complete(changed.version()));
    }

    /** For the log and the API: intentions of a page of the table, in a stable order. */
    static List<Intention> from(IntentionTable table, int offset) {
        List<Intention> all = table.intentions();
        return offset >= all.size() ? List.of() : new ArrayList<>(all.subList(offset, all.size()));
    }
}
