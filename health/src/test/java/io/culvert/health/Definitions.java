package io.culvert.health;

import io.culvert.catalog.CheckStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Definitions for tests: everything at its default but what a test is about. */
public final class Definitions {
    private Definitions() {}

    public static CheckDefinition of(String id, CheckKind kind) {
        boolean scheduled = kind.isScheduled();
        return new CheckDefinition(
                id,
                "name of " + id,
                "",
                "",
                CheckStatus.CRITICAL,
                kind,
                scheduled ? Duration.ofSeconds(10) : Duration.ZERO,
                scheduled ? Duration.ofSeconds(5) : Duration.ZERO,
                0,
                0,
                Optional.empty(),
                CheckDefinition.DEFAULT_OUTPUT_MAX_SIZE);
    }

    public static CheckDefinition tcp(String id) {
        return of(id, new CheckKind.Tcp("127.0.0.1", 80));
    }

    public static CheckDefinition ttl(String id, Duration ttl) {
        return of(id, new CheckKind.Ttl(ttl));
    }

    public static CheckDefinition alias(String id, String node, String serviceId) {
        return of(id, new CheckKind.Alias(node, serviceId));
    }

    public static CheckDefinition script(String id, String... args) {
        return of(id, new CheckKind.Script(List.of(args), Map.of(), "", ""));
    }

    public static CheckDefinition service(CheckDefinition check, String serviceId) {
        return new CheckDefinition(
                check.id(),
                check.name(),
                check.notes(),
                serviceId,
                check.initialStatus(),
                check.kind(),
                check.interval(),
                check.timeout(),
                check.successBeforePassing(),
                check.failuresBeforeCritical(),
                check.deregisterCriticalServiceAfter(),
                check.outputMaxSize());
    }

    public static CheckDefinition named(CheckDefinition check, String name) {
        return new CheckDefinition(
                check.id(),
                name,
                check.notes(),
                check.serviceId(),
                check.initialStatus(),
                check.kind(),
                check.interval(),
                check.timeout(),
                check.successBeforePassing(),
                check.failuresBeforeCritical(),
                check.deregisterCriticalServiceAfter(),
                check.outputMaxSize());
    }

    public static CheckDefinition timing(CheckDefinition check, Duration interval, Duration timeout) {
        return new CheckDefinition(
                check.id(),
                check.name(),
                check.notes(),
                check.serviceId(),
                check.initialStatus(),
                check.kind(),
                interval,
                timeout,
                check.successBeforePassing(),
                check.failuresBeforeCritical(),
                check.deregisterCriticalServiceAfter(),
                check.outputMaxSize());
    }

    public static CheckDefinition thresholds(CheckDefinition check, int success, int failures) {
        return new CheckDefinition(
                check.id(),
                check.name(),
                check.notes(),
                check.serviceId(),
                check.initialStatus(),
                check.kind(),
                check.interval(),
                check.timeout(),
                success,
                failures,
                check.deregisterCriticalServiceAfter(),
                check.outputMaxSize());
    }

    public static CheckDefinition deregister(CheckDefinition check, Duration after) {
        return new CheckDefinition(
                check.id(),
                check.name(),
                check.notes(),
                check.serviceId(),
                check.initialStatus(),
                check.kind(),
                check.interval(),
                check.timeout(),
                check.successBeforePassing(),
                check.failuresBeforeCritical(),
                Optional.of(after),
                check.outputMaxSize());
    }

    public static CheckDefinition output(CheckDefinition check, int most) {
        return new CheckDefinition(
                check.id(),
                check.name(),
                check.notes(),
                check.serviceId(),
                check.initialStatus(),
                check.kind(),
                check.interval(),
                check.timeout(),
                check.successBeforePassing(),
                check.failuresBeforeCritical(),
                check.deregisterCriticalServiceAfter(),
                most);
    }
}
