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
 * @param successBeforePassing results needed beyond the first before the status improves; 0: at once
 * @param failuresBeforeCritical results needed beyond the first before it turns critical; 0: at once
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
}
