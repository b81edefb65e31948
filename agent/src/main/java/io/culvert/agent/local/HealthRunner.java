package io.culvert.agent.local;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckResult;
import io.culvert.health.HealthChecks;
import io.culvert.health.RestoredStatus;
import io.culvert.health.TtlUpdate;
import java.util.Collection;
import java.util.Map;

/** Has the checks run by the health room. */
public final class HealthRunner implements CheckRunner {
    private final HealthChecks health;

    public HealthRunner(HealthChecks health) {
        this.health = health;
    }

    @Override
    public void apply(Collection<CheckDefinition> checks, Map<String, RestoredStatus> restored) {
        health.apply(checks, restored);
    }

    @Override
    public Map<String, CheckResult> results() {
        return health.results();
    }

    @Override
    public Map<String, RestoredStatus> persisted() {
        return health.persisted();
    }

    @Override
    public TtlUpdate update(String checkId, CheckStatus status, String note) {
        return health.update(checkId, status, note);
    }
}
