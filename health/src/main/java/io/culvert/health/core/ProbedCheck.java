package io.culvert.health.core;

import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckResult;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A check that is run again and again: the first time soon, then an interval after each end, so that runs never
 * overlap.
 */
final class ProbedCheck extends CheckMachine {
    /** First results come within a second (consul#954, #2314), yet a thousand checks do not start at once. */
    static final Duration FIRST_RUN_SPREAD = Duration.ofSeconds(1);

    private final RandomGenerator random;
    private Streak streak;
    private @Nullable TimerToken nextRun;
    private @Nullable RunToken running;
    private @Nullable Moment began;
    private boolean spread;

    ProbedCheck(CheckDefinition check, CheckResult result, Streak streak, Tokens tokens, RandomGenerator random) {
        super(check, result, tokens);
        this.streak = streak;
        this.random = random;
    }

    @Override
    void start(Moment now, List<Effect> effects) {
        Duration interval = check().interval();
        Duration within = interval.compareTo(FIRST_RUN_SPREAD) < 0 ? interval : FIRST_RUN_SPREAD;
        runAfter(Duration.ofNanos(random.nextLong(within.toNanos())), effects);
    }

    @Override
    void ownTimerFired(TimerToken token, Moment now, List<Effect> effects) {
        if (!token.equals(nextRun)) {
            return;
        }
        nextRun = null;
        began = now;
        running = tokens().run(check().id());
        effects.add(new Effect.StartRun(running, check()));
    }

    void runEnded(RunToken token, ProbeResult found, Moment now, List<Effect> effects) {
        if (!token.equals(running) || began == null) {
            return;
        }
        ran(began.wall(), now.since(began));
        running = null;
        began = null;
        streak = streak.after(found);
        if (streak.suffices(found.status(), check())) {
            publish(found.status(), found.output(), now, effects);
        }
        runAfter(pause(), effects);
    }

    @Override
    void stop(List<Effect> effects) {
        super.stop(effects);
        nextRun = null;
        if (running != null) {
            effects.add(new Effect.CancelRun(running));
            running = null;
        }
    }

    @Override
    Streak streak() {
        return streak;
    }

    /** The first pause is cut by up to a half: what began within one second is spread over the interval from then on. */
    private Duration pause() {
        long interval = check().interval().toNanos();
        if (spread) {
            return Duration.ofNanos(interval);
        }
        spread = true;
        return Duration.ofNanos(interval - random.nextLong(interval / 2 + 1));
    }

    private void runAfter(Duration delay, List<Effect> effects) {
        nextRun = tokens().timer(check().id(), TimerToken.Purpose.NEXT_RUN);
        effects.add(new Effect.SetTimer(nextRun, delay));
    }
}
