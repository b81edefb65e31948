package io.culvert.health;

import io.culvert.catalog.CheckStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * One check as declared.
 *
 * @param id unique on its node
 * @param name for people
 * @param notes for people
 * @param serviceId the instance it belongs to; empty for a check of the node
 * @param initialStatus shown until the first result; Consul's default is critical
 * @param kind what is done
 * @param interval from the end of one run to the start of the next; zero for TTL and alias
 * @param timeout of one run; zero for TTL and alias
 * @param successBeforePassing consecutive successes needed before the status improves; 0 and 1: at once. The very first
 *     result always takes effect at once
 * @param failuresBeforeCritical consecutive failures needed before it turns critical; 0 and 1: at once
 * @param deregisterCriticalServiceAfter how long critical without a break before the instance is removed
 * @param outputMaxSize bytes of output kept
 */
public record CheckDefinition(
        String id,
        String name,
        String notes,
        String serviceId,
        CheckStatus initialStatus,
        CheckKind kind,
        Duration interval,
        Duration timeout,
        int successBeforePassing,
        int failuresBeforeCritical,
        Optional<Duration> deregisterCriticalServiceAfter,
        int outputMaxSize) {
    /** Consul's {@code check_output_max_size}. */
    public static final int DEFAULT_OUTPUT_MAX_SIZE = 4_096;

    /** Consul's default for network checks. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** Consul's default for scripts. */
    public static final Duration DEFAULT_SCRIPT_TIMEOUT = Duration.ofSeconds(30);

    public CheckDefinition {
        require(!id.isEmpty(), id, "no id (expected: an id, unique on its node)");
        require(
                successBeforePassing >= 0 && failuresBeforeCritical >= 0,
                id,
                "negative threshold (expected: 0 or more consecutive results)");
        require(outputMaxSize >= 1, id, "output_max_size below 1 (expected: 1 byte or more)");
        if (kind.isScheduled()) {
            require(isPositive(interval), id, "interval not above 0 (a " + kind.type() + " check needs one)");
            require(isPositive(timeout), id, "timeout not above 0 (a " + kind.type() + " check needs one)");
        }
    }

    /** Whether both do the same, equally often: a running check need not notice that its definition was replaced. */
    public boolean probesAs(CheckDefinition other) {
        return kind.equals(other.kind)
                && interval.equals(other.interval)
                && timeout.equals(other.timeout)
                && outputMaxSize == other.outputMaxSize;
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String id, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException("check '" + id + "': " + complaint);
        }
    }
}
