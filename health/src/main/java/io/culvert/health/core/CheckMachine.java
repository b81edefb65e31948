package io.culvert.health.core;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckResult;
import io.culvert.health.RestoredStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What every kind of check has: a standing, and the rule that gives up a service that has been critical for too long.
 * Confined to its schedule.
 */
abstract class CheckMachine {
    /** How often a service that nobody removed is reported again; the pace of Consul's reaper. */
    static final Duration DEREGISTRATION_REMINDER = Duration.ofSeconds(30);

    private final Tokens tokens;
    private CheckDefinition check;
    private CheckResult result;
    private @Nullable Moment criticalSince;
    private @Nullable TimerToken deregistration;

    CheckMachine(CheckDefinition check, CheckResult result, Tokens tokens) {
        this.check = check;
        this.result = result;
        this.tokens = tokens;
    }

    /** Begins to watch. Called once. */
    abstract void start(Moment now, List<Effect> effects);

    /** A timer of this check fired that is not about deregistration. */
    abstract void ownTimerFired(TimerToken token, Moment now, List<Effect> effects);

    /** Gives up whatever runs; timers that are still set go stale. */
    void stop(List<Effect> effects) {
        deregistration = null;
    }

    /** Counters for the state that is kept over a restart. */
    Streak streak() {
        return Streak.BEFORE_FIRST_RESULT;
    }

    final CheckDefinition check() {
        return check;
    }

    final CheckResult result() {
        return result;
    }

    final Tokens tokens() {
        return tokens;
    }

    final RestoredStatus saved() {
        return new RestoredStatus(
                Fingerprint.of(check),
                result.status(),
                result.output(),
                result.since(),
                result.lastRun(),
                result.lastDuration(),
                streak().successes(),
                streak().failures());
    }

    /** Takes a definition that does the same as the present one; status, counters and timers go on. */
    final void redefine(CheckDefinition changed, Moment now, List<Effect> effects) {
        boolean sameLimit = changed.deregisterCriticalServiceAfter().equals(check.deregisterCriticalServiceAfter());
        check = changed;
        if (!sameLimit) {
            deregistration = null;
        }
        watchForDeregistration(now, effects);
    }

    final void timerFired(TimerToken token, Moment now, List<Effect> effects) {
        if (token.purpose() != TimerToken.Purpose.DEREGISTRATION) {
            ownTimerFired(token, now, effects);
        } else if (token.equals(deregistration)) {
            deregistration = null;
            remindOfDeregistration(now, effects);
        }
    }

    /** Notes that a run or a report took place, whatever it comes to. */
    final void ran(Instant began, Duration duration) {
        result = new CheckResult(result.status(), result.output(), result.since(), Optional.of(began), duration);
    }

    /** Brings a result into force. */
    final void publish(CheckStatus status, String output, Moment now, List<Effect> effects) {
        CheckResult before = result;
        boolean changed = before.status() != status;
        Instant since = changed ? now.wall() : before.since();
        result = new CheckResult(status, output, since, before.lastRun(), before.lastDuration());
        if (status != CheckStatus.CRITICAL) {
            criticalSince = null;
        } else if (criticalSince == null) {
            criticalSince = now;
        }
        if (changed) {
            effects.add(new Effect.StatusChanged(check, before.status(), result));
        } else if (!before.output().equals(output)) {
            effects.add(new Effect.OutputChanged(check, result));
        }
        watchForDeregistration(now, effects);
    }

    private void remindOfDeregistration(Moment now, List<Effect> effects) {
        Optional<Duration> limit = check.deregisterCriticalServiceAfter();
        if (criticalSince != null
                && limit.isPresent()
                && now.since(criticalSince).compareTo(limit.get()) >= 0) {
            effects.add(new Effect.Deregister(check.serviceId(), check.id()));
        }
        watchForDeregistration(now, effects);
    }

    /** One timer at a time, however often the check changes: it looks again when it fires. */
    private void watchForDeregistration(Moment now, List<Effect> effects) {
        Optional<Duration> limit = check.deregisterCriticalServiceAfter();
        if (deregistration != null
                || criticalSince == null
                || limit.isEmpty()
                || check.serviceId().isEmpty()) {
            return;
        }
        Duration left = limit.get().minus(now.since(criticalSince));
        boolean due = left.isNegative() || left.isZero();
        deregistration = tokens.timer(check.id(), TimerToken.Purpose.DEREGISTRATION);
        effects.add(new Effect.SetTimer(deregistration, due ? DEREGISTRATION_REMINDER : left));
    }
}
