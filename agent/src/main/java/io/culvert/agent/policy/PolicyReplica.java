package io.culvert.agent.policy;

import io.culvert.agent.files.DurableFile;
import io.culvert.agent.rpc.RpcClient;
import io.culvert.agent.rpc.RpcQuestion;
import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.Intention;
import io.culvert.identity.IntentionSource;
import io.culvert.identity.IntentionTable;
import io.culvert.identity.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's copy of the intentions. Asks a server for the next version all the time; when none answers, the last known one
 * stays in force and its age is known. All state changes run on {@code worker}, one at a time; reading is for any thread.
 */
public final class PolicyReplica implements IntentionSource, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PolicyReplica.class);
    private static final Duration WAIT = Duration.ofSeconds(45);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final RpcClient servers;
    private final Surroundings surroundings;
    private final PolicyFile file;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<Intention> parts = new ArrayList<>(); // on the worker: what was fetched of a table so far
    private String partsStore = ""; // on the worker: whose table that is
    private long partsVersion; // on the worker
    private String store = ""; // on the worker
    private long pause = FIRST_PAUSE_MILLIS; // on the worker
    private volatile IntentionTable table = IntentionTable.EMPTY; // written on the worker
    private volatile Optional<Instant> confirmed = Optional.empty(); // written on the worker
    private volatile boolean closed;

    /**
     * What a replica runs on.
     *
     * @param worker one thread; may block for the disk
     * @param random spreads retries of many agents
     */
    public record Surroundings(ScheduledExecutorService worker, WallClock clock, RandomGenerator random) {}

    /** A replica with what its file holds; a damaged file is set aside, for the server has it all. */
    public PolicyReplica(RpcClient servers, DurableFile file, Surroundings surroundings) throws IOException {
        this.servers = servers;
        this.surroundings = surroundings;
        this.file = new PolicyFile(file);
        try {
            this.file.read().ifPresent(content -> {
                store = content.store();
                table = IntentionTable.of(content.version(), content.intentions());
            });
        } catch (IOException | IllegalArgumentException e) {
            log.atWarn()
                    .addKeyValue("file", file.path())
                    .addKeyValue("aside", file.setAside())
                    .setCause(e)
                    .log("intentions on disk are damaged; set aside, everything is denied until a server answers");
        }
    }

    /** Begins to ask. */
    public void start() {
        schedule(0);
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

    /** When a server last said what is current; empty: not since the start. */
    public Optional<Instant> confirmed() {
        return confirmed;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void schedule(long millis) {
        if (closed) {
            return;
        }
        try {
            surroundings.worker().schedule(this::ask, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().log("policy replica stops with the agent");
        }
    }

    private void ask() {
        if (closed) {
            return;
        }
        PolicyMessages.Watch watch = parts.isEmpty()
                ? new PolicyMessages.Watch(store, table.version(), 0, WAIT.toMillis())
                : new PolicyMessages.Watch(partsStore, partsVersion, parts.size(), 0);
        servers.ask(new RpcQuestion<>(PolicyMessages.WATCH, watch, PolicyMessages.Table.class, true, PATIENCE))
                .whenCompleteAsync(this::answered, surroundings.worker());
    }

    private void answered(
            PolicyMessages.@org.jspecify.annotations.Nullable Table answer,
            @org.jspecify.annotations.Nullable Throwable failure) {
        if (answer == null) {
            parts.clear();
            log.atDebug()
                    .addKeyValue("why", String.valueOf(failure))
                    .addKeyValue("retry_ms", pause)
                    .log("no server told the policy");
            schedule(pause / 2 + surroundings.random().nextLong(pause));
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            return;
        }
        pause = FIRST_PAUSE_MILLIS;
        try {
            take(answer);
            schedule(0);
        } catch (RuntimeException e) {
            // Whatever the server or a listener did: this loop is the only one that hears of policy, and must go on.
            parts.clear();
            log.atWarn().setCause(e).log("a server told a policy that breaks the rules; the known one stays in force");
            schedule(LONGEST_PAUSE_MILLIS);
        }
    }

    private void take(PolicyMessages.Table answer) {
        confirmed = Optional.of(surroundings.clock().now());
        if (!answer.changed()) {
            parts.clear();
            return;
        }
        boolean continues = answer.offset() == parts.size()
                && answer.version() == partsVersion
                && answer.store().equals(partsStore);
        if (!continues) {
            parts.clear();
        }
        if (answer.offset() != parts.size()) {
            return; // asked again from the beginning
        }
        partsStore = answer.store();
        partsVersion = answer.version();
        answer.intentions().forEach(entry -> parts.add(entry.toIntention()));
        if (parts.size() > IntentionTable.MOST_INTENTIONS) {
            throw new IllegalArgumentException("more than " + IntentionTable.MOST_INTENTIONS + " intentions");
        }
        if (parts.size() >= answer.total()) {
            apply(IntentionTable.of(answer.version(), parts), answer.store());
            parts.clear();
        }
    }

    private void apply(IntentionTable fresh, String from) {
        store = from;
        table = fresh;
        log.atInfo()
                .addKeyValue("version", fresh.version())
                .addKeyValue("intentions", fresh.intentions().size())
                .log("policy received");
        listeners.forEach(listener -> listener.intentionsChanged(fresh));
        try {
            file.write(from, fresh.version(), fresh.intentions());
        } catch (IOException e) {
            log.atWarn()
                    .setCause(e)
                    .log("intentions not written; after a restart without a server older ones would count");
        }
    }
}
