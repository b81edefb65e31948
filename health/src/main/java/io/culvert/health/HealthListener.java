package io.culvert.health;

import io.culvert.catalog.CheckStatus;

/**
 * Hears what checks come to. Called on the checks' executor, one at a time and in order; must not block. What {@link
 * HealthChecks#apply} itself brings about is read from {@link HealthChecks#results()} instead.
 */
public interface HealthListener {
    /** The status changed from {@code before} to that of {@code result}. */
    void statusChanged(CheckDefinition check, CheckStatus before, CheckResult result);

    /** Only the output changed. */
    void outputChanged(CheckDefinition check, CheckResult result);

    /**
     * {@code checkId} has been critical without a break for as long as its definition allows: the instance is to be
     * removed. Said again every 30 s until it is, or until the check recovers.
     */
    void deregister(String serviceId, String checkId);
}
