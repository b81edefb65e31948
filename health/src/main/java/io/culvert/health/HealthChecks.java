package io.culvert.health;

import io.culvert.catalog.CatalogView;
import io.culvert.catalog.CheckStatus;
import io.culvert.health.core.CheckSchedule;
import io.culvert.health.core.Effect;
import io.culvert.health.core.Moment;
import io.culvert.health.core.ProbeResult;
import io.culvert.health.core.RunToken;
import io.culvert.health.probe.Probes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks of one agent. Any thread may call any method; none of them blocks but {@link #close}. Rules run under one
 * lock for microseconds at a time; what they bring about happens afterwards, in order, on one event loop, which is also
 * where the listener is called.
 */
public final class HealthChecks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HealthChecks.class);

    private final Object lock = new Object();
    private final HealthSurroundings surroundings;
    private final CheckSchedule schedule; // under the lock
    private final Performance performance;
    private final Probes probes;
    private final CatalogView.Subscription subscription;
    private final AtomicBoolean catalogNews = new AtomicBoolean();
    private volatile Map<String, CheckResult> published = Map.of(); // written under the lock
    private boolean closed; // under the lock

    private HealthChecks(HealthSettings settings, HealthSurroundings surroundings, HealthListener listener) {
        this.surroundings = surroundings;
        schedule = new CheckSchedule(surroundings.self(), surroundings.catalog().current(), surroundings.random());
        probes = new Probes(surroundings.loops(), settings, surroundings.monotonic());
        performance = new Performance(surroundings.loops().next(), probes, listener, new Performance.Feedback() {
            @Override
            public void runEnded(RunToken token, ProbeResult found) {
                step(now -> schedule.runEnded(token, found, now));
            }

            @Override
            public void timerFired(Effect.SetTimer timer) {
                step(now -> schedule.timerFired(timer.token(), now));
            }
        });
        subscription = surroundings.catalog().subscribe(change -> catalogChanged());
    }

    /** Starts without any check; nothing but the loops of {@code surroundings} runs until there are some. */
    public static HealthChecks start(
            HealthSettings settings, HealthSurroundings surroundings, HealthListener listener) {
        return new HealthChecks(settings, surroundings, listener);
    }

    /**
     * Replaces the whole set of checks. One that does the same as before goes on undisturbed with status, counters and
     * timing; one that does something else keeps its status until its first new result. {@link #results()} shows the new
     * set when this returns.
     *
     * @param restored what was kept over a restart, by check id; ids that are running already or unknown are ignored
     * @throws IllegalArgumentException when two checks have one id; nothing was changed
     */
    public void apply(Collection<CheckDefinition> checks, Map<String, RestoredStatus> restored) {
        step(now -> schedule.apply(checks, restored, now));
    }

    public TtlUpdate pass(String checkId, String note) {
        return update(checkId, CheckStatus.PASSING, note);
    }

    public TtlUpdate warn(String checkId, String note) {
        return update(checkId, CheckStatus.WARNING, note);
    }

    public TtlUpdate fail(String checkId, String note) {
        return update(checkId, CheckStatus.CRITICAL, note);
    }

    /** A report for a TTL check; in force, and in {@link #results()}, when this returns {@link TtlUpdate.Done}. */
    public TtlUpdate update(String checkId, CheckStatus status, String note) {
        synchronized (lock) {
            CheckSchedule.Reported reported = schedule.reported(checkId, status, note, now());
            publish(reported.effects());
            return reported.update();
        }
    }

    /** Where each check stands, by id; immutable. */
    public Map<String, CheckResult> results() {
        return published;
    }

    /** What the agent keeps over a restart, by id: to be handed to {@link #apply} then. */
    public Map<String, RestoredStatus> persisted() {
        synchronized (lock) {
            return schedule.persisted();
        }
    }

    /** Ends every run; scripts are killed with their children. Blocks for some milliseconds as a rule, 10 s at most. */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        subscription.close();
        performance.close();
        probes.close();
        log.atDebug().log("health checks stopped");
    }

    /** Many changes of a busy pool become one look at the aliases. Called on the catalogue's writer. */
    private void catalogChanged() {
        if (catalogNews.compareAndSet(false, true)) {
            performance.submit(() -> {
                catalogNews.set(false);
                step(now -> schedule.catalogChanged(surroundings.catalog().current(), now));
            });
        }
    }

    /** One event at one moment. */
    private interface Rule {
        List<Effect> at(Moment now);
    }

    private void step(Rule rule) {
        synchronized (lock) {
            if (!closed) {
                publish(rule.at(now()));
            }
        }
    }

    /** Under the lock, so that effects are queued in the order in which they came about. */
    private void publish(List<Effect> effects) {
        published = schedule.results();
        performance.perform(effects);
    }

    private Moment now() {
        return new Moment(surroundings.monotonic().nanos(), surroundings.wall().now());
    }
}
