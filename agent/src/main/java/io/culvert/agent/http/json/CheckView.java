package io.culvert.agent.http.json;

import io.culvert.catalog.CheckState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A check as Consul shows it.
 *
 * @param node name of its host
 * @param output empty for checks of other hosts: output stays with its owner
 * @param serviceName empty for a check of the host
 * @param timing of a check that stands outside of services; empty: shown as {@code ""}
 */
public record CheckView(
        String node,
        CheckState state,
        String output,
        String serviceName,
        List<String> serviceTags,
        Optional<Timing> timing,
        long createIndex,
        long modifyIndex) {
    /** Interval and timeout of a check; zero where there is none. */
    public record Timing(Duration interval, Duration timeout) {}
}
