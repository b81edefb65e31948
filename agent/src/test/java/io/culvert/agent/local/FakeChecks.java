package io.culvert.agent.local;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.CheckResult;
import io.culvert.health.RestoredStatus;
import io.culvert.health.TtlUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Keeps the rules of {@link CheckRunner} without running anything: results come from {@link #found}. */
public final class FakeChecks implements CheckRunner {
    private final Supplier<Instant> now;
    private Map<String, CheckDefinition> definitions = Map.of();
    private Map<String, CheckResult> results = Map.of();

    public FakeChecks(Supplier<Instant> now) {
        this.now = now;
    }

    @Override
    public synchronized void apply(Collection<CheckDefinition> checks, Map<String, RestoredStatus> restored) {
        Map<String, CheckDefinition> applied = new TreeMap<>();
        Map<String, CheckResult> next = new HashMap<>();
        for (CheckDefinition check : checks) {
            applied.put(check.id(), check);
            RestoredStatus former = restored.get(check.id());
            CheckResult begun =
                    former == null ? result(check.initialStatus(), "") : result(former.status(), former.output());
            next.put(check.id(), results.getOrDefault(check.id(), begun));
        }
        definitions = applied;
        results = Map.copyOf(next);
    }

    @Override
    public synchronized Map<String, CheckResult> results() {
        return results;
    }

    @Override
    public synchronized Map<String, RestoredStatus> persisted() {
        Map<String, RestoredStatus> kept = new HashMap<>();
        results.forEach((id, result) -> kept.put(
                id,
                new RestoredStatus(
                        "f", result.status(), result.output(), result.since(), result.lastRun(), Duration.ZERO, 1, 0)));
        return kept;
    }

    @Override
    public synchronized TtlUpdate update(String checkId, CheckStatus status, String note) {
        CheckDefinition check = definitions.get(checkId);
        if (check == null) {
            return new TtlUpdate.Unknown(checkId);
        }
        if (!(check.kind() instanceof CheckKind.Ttl)) {
            return new TtlUpdate.NotTtl(checkId, check.kind().type());
        }
        found(checkId, status, note);
        return new TtlUpdate.Done();
    }

    /** A run of the check came to this. */
    public synchronized void found(String checkId, CheckStatus status, String output) {
        Map<String, CheckResult> next = new HashMap<>(results);
        next.put(checkId, result(status, output));
        results = Map.copyOf(next);
    }

    public synchronized Collection<CheckDefinition> definitions() {
        return definitions.values();
    }

    private CheckResult result(CheckStatus status, String output) {
        return new CheckResult(status, output, now.get(), Optional.of(now.get()), Duration.ofMillis(1));
    }
}
