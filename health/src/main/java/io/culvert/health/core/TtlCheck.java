package io.culvert.health.core;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.CheckResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A check whose results are brought from outside; silence for a whole TTL is critical. After a restart or a change the
 * TTL begins anew: while the agent was away nobody could report to it.
 */
final class TtlCheck extends CheckMachine {
    private static final String EXPIRED = "TTL expired";

    private final Duration ttl;
    private @Nullable Moment lastHeard;
    private @Nullable TimerToken expiry;

    TtlCheck(CheckDefinition check, CheckKind.Ttl kind, CheckResult result, Tokens tokens) {
        super(check, result, tokens);
        this.ttl = kind.ttl();
    }

    @Override
    void start(Moment now, List<Effect> effects) {
        lastHeard = now;
        watch(ttl, effects);
    }

    void reported(CheckStatus status, String note, Moment now, List<Effect> effects) {
        lastHeard = now;
        ran(now.wall(), Duration.ZERO);
        publish(status, OutputText.head(note, check().outputMaxSize()), now, effects);
        if (expiry == null) {
            watch(ttl, effects);
        }
    }

    /** One timer at a time, however often reports come: it looks again when it fires. */
    @Override
    void ownTimerFired(TimerToken token, Moment now, List<Effect> effects) {
        if (!token.equals(expiry) || lastHeard == null) {
            return;
        }
        Duration left = ttl.minus(now.since(lastHeard));
        if (left.isNegative() || left.isZero()) {
            expiry = null;
            publish(CheckStatus.CRITICAL, expiredText(), now, effects);
        } else {
            watch(left, effects);
        }
    }

    @Override
    void stop(List<Effect> effects) {
        super.stop(effects);
        expiry = null;
    }

    private String expiredText() {
        String last = result().output();
        if (last.isEmpty() || last.startsWith(EXPIRED)) {
            return last.isEmpty() ? EXPIRED : last;
        }
        return EXPIRED + " (last output before timeout follows): " + last;
    }

    private void watch(Duration delay, List<Effect> effects) {
        expiry = tokens().timer(check().id(), TimerToken.Purpose.TTL_EXPIRY);
        effects.add(new Effect.SetTimer(expiry, delay));
    }
}
