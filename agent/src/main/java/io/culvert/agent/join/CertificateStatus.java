package io.culvert.agent.join;

import io.culvert.identity.SpiffeId;
import java.time.Instant;
import java.util.Optional;

/**
 * How one certificate of this host stands, for {@code culvert status} and metrics.
 *
 * @param notAfter empty: none was issued yet
 * @param renewAt when the next attempt is due
 * @param failures attempts since the last success
 * @param lastError of the latest attempt, when it failed
 */
public record CertificateStatus(
        SpiffeId id, Optional<Instant> notAfter, Instant renewAt, int failures, Optional<String> lastError) {}
