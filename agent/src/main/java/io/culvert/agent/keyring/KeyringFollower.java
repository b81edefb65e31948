package io.culvert.agent.keyring;

import io.culvert.agent.keyring.KeyringMessages.Fetch;
import io.culvert.agent.keyring.KeyringMessages.Ring;
import io.culvert.agent.rpc.RpcClient;
import io.culvert.agent.rpc.RpcQuestion;
import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.KeyringRefused;
import io.culvert.gossip.keyring.PoolKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server for the present keys: at the start, when somebody speaks with a key that is not here, and now and then. So
 * a host that slept through a rotation is not lost: gossip no longer understands it, its certificate still proves it.
 */
public final class KeyringFollower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KeyringFollower.class);

    /** Whoever missed an order without noticing finds out by then. Ten thousand hosts ask 17 times a second. */
    private static final Duration ROUTINE = Duration.ofMinutes(10);
    /** Packets of strangers, who may send any number for a key, cannot make us ask more often. */
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    private final KeyringKeeper keeper;
    private final String pool;
    private final RpcClient servers;
    private final Surroundings surroundings;
    private Duration retry = FIRST_RETRY; // on the worker
    private long turn; // on the worker: a newer one makes an older schedule void
    private volatile long askedAt;
    private volatile boolean wanted;
    private volatile boolean closed;

    /** @param worker one thread; may block for the disk */
    public record Surroundings(ScheduledExecutorService worker, MonotonicClock clock, RandomGenerator random) {}

    public KeyringFollower(KeyringKeeper keeper, String pool, RpcClient servers, Surroundings surroundings) {
        this.keeper = keeper;
        this.pool = pool;
        this.servers = servers;
        this.surroundings = surroundings;
        this.askedAt = surroundings.clock().nanos() - LEAST_PAUSE.toNanos();
    }

    /** Asks for the first time, and goes on. */
    public void start() {
        execute(this::ask);
    }

    /** Somebody speaks with a key that is not here. Any thread; quick; may be called for every packet. */
    public void unknownKeyHeard() {
        if (!wanted && !closed) {
            wanted = true;
            long sinceLast = surroundings.clock().nanos() - askedAt;
            long pause = Math.max(0, LEAST_PAUSE.toNanos() - sinceLast);
            execute(() -> schedule(Duration.ofNanos(pause)));
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private void execute(Runnable task) {
        try {
            surroundings.worker().execute(task);
        } catch (RejectedExecutionException stopping) {
            log.atDebug().log("the follower of gossip keys stops with the agent");
        }
    }

    private void schedule(Duration after) {
        long mine = ++turn;
        try {
            var unused = surroundings.worker().schedule(() -> askInTurn(mine), after.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopping) {
            log.atDebug().log("the follower of gossip keys stops with the agent");
        }
    }

    private void askInTurn(long mine) {
        if (mine == turn) {
            ask();
        }
    }

    private void ask() {
        if (closed) {
            return;
        }
        turn++;
        wanted = false;
        askedAt = surroundings.clock().nanos();
        Keyring before = keeper.current();
        Fetch fetch = new Fetch(pool, KeyringKeeper.numbers(before));
        servers.ask(new RpcQuestion<>(KeyringMessages.FETCH, fetch, Ring.class, true, PATIENCE))
                .whenCompleteAsync((answer, failure) -> answered(before, answer, failure), surroundings.worker());
    }

    private void answered(Keyring before, @Nullable Ring answer, @Nullable Throwable failure) {
        if (answer == null) {
            log.atDebug().addKeyValue("why", String.valueOf(failure)).log("no server told the gossip keys");
            schedule(jittered(retry));
            retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry.multipliedBy(2);
            return;
        }
        retry = FIRST_RETRY;
        // What a server ordered while the answer was on its way is newer than the answer.
        boolean settled = !answer.changed() || take(before, answer);
        // Who was heard while we asked may know more than the answer.
        schedule(settled && !wanted ? jittered(ROUTINE) : LEAST_PAUSE);
    }

    private boolean take(Keyring before, Ring answer) {
        try {
            List<PoolKey> keys = new ArrayList<>();
            for (String key : answer.keys()) {
                keys.add(PoolKey.parse(key));
            }
            boolean taken = keeper.replace(before, Keyring.of(keys));
            log.atInfo().addKeyValue("taken", taken).log("gossip keys fetched from a server");
            return taken;
        } catch (IllegalArgumentException | KeyringRefused malformed) {
            log.atWarn().setCause(malformed).log("a server told gossip keys that break the rules; the known ones stay");
            return true;
        } catch (IOException failed) {
            log.atError().setCause(failed).log("gossip keys not stored; the known ones stay in use");
            return false;
        }
    }

    /** Give or take a quarter: agents that were started together must not ask together. */
    private Duration jittered(Duration about) {
        long nanos = about.toNanos();
        return Duration.ofNanos(nanos * 3 / 4 + surroundings.random().nextLong(nanos / 2));
    }
}
