package io.culvert.agent.keyring;

import io.culvert.agent.files.DurableFile;
import io.culvert.agent.keyring.KeyringChange.Ask;
import io.culvert.agent.keyring.KeyringMessages.Change;
import io.culvert.agent.keyring.KeyringMessages.State;
import io.culvert.agent.keyring.KeyringOrder.Kind;
import io.culvert.agent.rpc.RpcClient;
import io.culvert.agent.rpc.RpcFailure;
import io.culvert.agent.rpc.RpcQuestion;
import io.culvert.agent.rpc.RpcTarget;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.identity.Subscription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees changes of the pool's keys through, on a server: one at a time, a few hosts at a time, this host first. Every step
 * runs on the worker. A rotation's key is noted on disk before any host hears of it, so that a rotation that was cut short
 * is finished by the next one.
 */
public final class KeyringConductor implements PoolKeys {
    private static final Logger log = LoggerFactory.getLogger(KeyringConductor.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** More at once would only make each slower: what takes time is the other hosts' disks. */
    private static final int ASKED_AT_ONCE = 16;

    private static final int LONGEST_NOTE = 64;

    private final KeyringKeeper keeper;
    private final Hosts hosts;
    private final Surroundings surroundings;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Deque<Ask> waiting = new ArrayDeque<>(); // under the lock
    private @Nullable KeyringChange change; // under the lock
    private boolean rotating; // under the lock
    private int asked; // under the lock

    /**
     * The other hosts.
     *
     * @param self this host
     * @param pool label of the pool
     * @param members of the pool now
     * @param address where a member answers requests; empty while that is not known
     */
    public record Hosts(
            NodeId self,
            String pool,
            Supplier<KeyringMembers> members,
            Function<NodeId, Optional<RpcTarget>> address,
            RpcClient client) {}

    /**
     * What a conductor runs on.
     *
     * @param note where the number of a rotation's key is kept until the rotation is complete
     * @param worker one thread; may block for the disk
     * @param random makes keys
     */
    public record Surroundings(DurableFile note, ScheduledExecutorService worker, SecureRandom random) {}

    public KeyringConductor(KeyringKeeper keeper, Hosts hosts, Surroundings surroundings) {
        this.keeper = keeper;
        this.hosts = hosts;
        this.surroundings = surroundings;
    }

    @Override
    public List<String> own() {
        return keeper.numbers();
    }

    @Override
    public synchronized KeyringProgress progress() {
        return change == null ? KeyringProgress.NONE : change.progress();
    }

    @Override
    public synchronized boolean isRunning() {
        return change != null && !change.isEnded();
    }

    @Override
    public Subscription onProgress(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public Optional<String> unfinished() {
        try {
            return surroundings
                    .note()
                    .read(LONGEST_NOTE)
                    .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip())
                    .filter(key -> key.matches("[0-9a-f]{8}"));
        } catch (IOException unreadable) {
            log.atWarn().setCause(unreadable).log("the note of an unfinished rotation cannot be read");
            return Optional.empty();
        }
    }

    @Override
    public synchronized Optional<String> begin(Operation operation) {
        KeyringChange running = change;
        if (running != null && !running.isEnded()) {
            KeyringProgress progress = running.progress();
            return Optional.of("a change of the gossip keys is under way (" + progress.operation() + ": "
                    + progress.doing() + "); wait for its end; nothing was changed");
        }
        try {
            change = plan(operation);
        } catch (RpcFailure | IOException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
        rotating = operation instanceof Rotate;
        log.atInfo()
                .addKeyValue("operation", operation.getClass().getSimpleName())
                .log("change of gossip keys begun");
        tell();
        execute(this::resume);
        return Optional.empty();
    }

    private KeyringChange plan(Operation operation) throws RpcFailure, IOException {
        if (operation instanceof Install install) {
            String key = here(install.key().orElseGet(() -> PoolKey.generate(surroundings.random())));
            return new KeyringChange("install", List.of(order(Kind.INSTALL, key)), false);
        }
        if (operation instanceof Use use) {
            required(use.key());
            return new KeyringChange("use", List.of(order(Kind.SHOW, ""), order(Kind.USE, use.key())), use.force());
        }
        if (operation instanceof Remove remove) {
            PoolKey primary = keeper.current().primary();
            if (primary.idText().equals(remove.key())) {
                throw RpcFailure.refused("key " + remove.key()
                        + " is in use: choose another with 'culvert keyring use' first; nothing was changed");
            }
            return new KeyringChange(
                    "remove", List.of(order(Kind.SHOW, ""), order(Kind.REMOVE, remove.key())), remove.force());
        }
        if (operation instanceof Rotate) {
            String key = rotationKey();
            return new KeyringChange(
                    "rotate",
                    List.of(order(Kind.INSTALL, key), order(Kind.USE, key), order(Kind.KEEP_ONLY, key)),
                    false);
        }
        return new KeyringChange("list", List.of(order(Kind.SHOW, "")), false);
    }

    private static KeyringOrder order(Kind kind, String key) {
        return new KeyringOrder(kind, key);
    }

    private PoolKey required(String number) throws RpcFailure {
        PoolKey key = keeper.current().find(PoolKey.parseNumber(number));
        if (key == null) {
            throw RpcFailure.refused("no key " + number + " here (installed: " + String.join(", ", own())
                    + "); install it first; nothing was changed");
        }
        return key;
    }

    /** Installs {@code key} on this host, which alone hands it to others; its number. */
    private String here(PoolKey key) throws RpcFailure {
        KeyringService.apply(keeper, new Change(hosts.pool(), List.of(key.reveal()), "", List.of()));
        return key.idText();
    }

    /** The key of the rotation that was cut short, or a new one, on disk and noted. */
    private String rotationKey() throws RpcFailure, IOException {
        Optional<String> begun = unfinished().filter(number -> keeper.numbers().contains(number));
        if (begun.isPresent()) {
            return begun.get();
        }
        String number = here(PoolKey.generate(surroundings.random()));
        surroundings.note().write((number + "\n").getBytes(StandardCharsets.US_ASCII));
        return number;
    }

    // ---- on the worker ----

    private synchronized void resume() {
        KeyringChange running = change;
        if (running != null) {
            follow(running, running.resume(hosts.members().get().pool()));
        }
    }

    private void follow(KeyringChange running, KeyringChange.Next next) {
        waiting.addAll(next.asks());
        next.pause().ifPresent(this::later);
        askMore();
        if (running.isEnded()) {
            ended(running);
        }
        tell();
    }

    private void later(Duration pause) {
        try {
            var unused = surroundings.worker().schedule(this::resume, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopping) {
            log.atDebug().log("change of gossip keys stops with the agent");
        }
    }

    private void ended(KeyringChange running) {
        String problem = running.progress().problem();
        if (rotating && problem.isEmpty()) {
            try {
                surroundings.note().delete();
            } catch (IOException failed) {
                log.atWarn().setCause(failed).log("the note of the finished rotation could not be removed");
            }
        }
        log.atInfo()
                .addKeyValue("operation", running.progress().operation())
                .addKeyValue("problem", problem)
                .log("change of gossip keys ended");
    }

    private void askMore() {
        while (asked < ASKED_AT_ONCE && !waiting.isEmpty()) {
            asked++;
            Ask ask = waiting.removeFirst();
            execute(() -> ask(ask));
        }
    }

    private void ask(Ask ask) {
        Change message = message(ask);
        if (ask.host().id().equals(hosts.self())) {
            askHere(ask, message);
            return;
        }
        Optional<RpcTarget> target = hosts.address().apply(ask.host().id());
        if (target.isEmpty()) {
            answered(ask, null, "its name and address are not known here yet");
            return;
        }
        hosts.client()
                .ask(
                        List.of(target.get()),
                        new RpcQuestion<>(KeyringMessages.CHANGE, message, State.class, true, PATIENCE))
                .whenCompleteAsync(
                        (state, failure) -> answered(ask, state, failure == null ? "" : sentence(failure)),
                        surroundings.worker());
    }

    private void askHere(Ask ask, Change message) {
        try {
            answered(ask, new State(KeyringKeeper.numbers(KeyringService.apply(keeper, message))), "");
        } catch (RpcFailure refused) {
            answered(ask, null, String.valueOf(refused.getMessage()));
        }
    }

    private Change message(Ask ask) {
        String key = ask.order().key();
        boolean brings = ask.order().kind() != Kind.SHOW && ask.order().kind() != Kind.REMOVE;
        PoolKey secret = brings ? keeper.current().find(PoolKey.parseNumber(key)) : null;
        boolean uses = ask.order().kind() == Kind.USE || ask.order().kind() == Kind.KEEP_ONLY;
        return new Change(
                hosts.pool(), secret == null ? List.of() : List.of(secret.reveal()), uses ? key : "", ask.remove());
    }

    private synchronized void answered(Ask ask, @Nullable State state, String failure) {
        asked--;
        KeyringChange running = change;
        if (running == null) {
            return;
        }
        NodeId host = ask.host().id();
        follow(running, state != null ? running.done(host, state.keys()) : running.failed(host, failure));
    }

    private static String sentence(Throwable failure) {
        RpcFailure known = RpcFailure.in(failure);
        return String.valueOf(known == null ? failure : known.getMessage());
    }

    private void tell() {
        listeners.forEach(Runnable::run);
    }

    private void execute(Runnable task) {
        try {
            surroundings.worker().execute(task);
        } catch (RejectedExecutionException stopping) {
            log.atDebug().log("change of gossip keys stops with the agent");
        }
    }
}
