package io.culvert.health.core;

import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.CheckResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A check that mirrors the health of another instance or node. */
final class AliasCheck extends CheckMachine {
    /**
     * How long a target that was never seen may stay away before that is critical: at start the catalogue fills up only
     * after the checks began, and a status that was kept over the restart must not flap for it.
     */
    static final Duration GRACE = Duration.ofSeconds(30);

    private final CheckKind.Alias target;
    private @Nullable TimerToken grace;
    private boolean settled;

    AliasCheck(CheckDefinition check, CheckKind.Alias target, CheckResult result, Tokens tokens) {
        super(check, result, tokens);
        this.target = target;
    }

    CheckKind.Alias target() {
        return target;
    }

    @Override
    void start(Moment now, List<Effect> effects) {
        grace = tokens().timer(check().id(), TimerToken.Purpose.ALIAS_GRACE);
        effects.add(new Effect.SetTimer(grace, GRACE));
    }

    /** The schedule looks at the target after every timer of an alias. */
    @Override
    void ownTimerFired(TimerToken token, Moment now, List<Effect> effects) {
        if (token.equals(grace)) {
            settled = true;
        }
    }

    void look(AliasVerdict verdict, Moment now, List<Effect> effects) {
        if (!verdict.found() && !settled) {
            return;
        }
        settled = true;
        ran(now.wall(), Duration.ZERO);
        publish(verdict.status(), verdict.output(), now, effects);
    }
}
