package io.culvert.agent.local;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckResult;
import io.culvert.health.RestoredStatus;
import io.culvert.health.TtlUpdate;
import java.util.Collection;
import java.util.Map;

/** What runs the checks. Any thread; never blocks; must not call {@link LocalState} from within these methods. */
public interface CheckRunner {
    /**
     * Replaces the whole set. {@link #results} shows the new set when this returns; later news are told by {@link
     * LocalState#checksChanged}.
     *
     * @param restored what was kept over a restart, by check id
     */
    void apply(Collection<CheckDefinition> checks, Map<String, RestoredStatus> restored);

    /** Where each check stands, by id. */
    Map<String, CheckResult> results();

    /** What is worth keeping over a restart, by id. */
    Map<String, RestoredStatus> persisted();

    /** A report for a TTL check, in force when this returns {@link TtlUpdate.Done}. */
    TtlUpdate update(String checkId, CheckStatus status, String note);
}
