package io.culvert.agent.local;

import io.culvert.health.CheckDefinition;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who has declared what on this host. Pure and immutable: each change gives the next state or a refusal, never half of
 * both. Files are replaced as one set; the API changes one thing at a time; where both name an id, the file wins.
 *
 * @param hidden ids that files declare and that the API has removed; they return with the next {@link #withFiles}, as in
 *     Consul; services as {@code service/ID}, checks as {@code check/ID}
 * @param maintenance id of the maintenance check to its reason
 * @param firstSeen by service id
 */
public record Registrations(
        Map<String, ServiceRegistration> fileServices,
        Map<String, CheckDefinition> fileChecks,
        Map<String, ServiceRegistration> apiServices,
        Map<String, CheckDefinition> apiChecks,
        Set<String> hidden,
        Map<String, String> maintenance,
        Map<String, FirstSeen> firstSeen) {

    static final Registrations EMPTY =
            new Registrations(Map.of(), Map.of(), Map.of(), Map.of(), Set.of(), Map.of(), Map.of());

    /** Services that one host may have, files included: ten times what a busy host runs; each costs every agent memory. */
    static final int MOST_SERVICES = 4_096;

    static final int MOST_CHECKS = 16_384;

    /** First registrations remembered for services that are gone, so that a return keeps its loopback address. */
    static final int MOST_REMEMBERED = 8_192;

    public Registrations {
        fileServices = sorted(fileServices);
        fileChecks = sorted(fileChecks);
        apiServices = sorted(apiServices);
        apiChecks = sorted(apiChecks);
        hidden = Collections.unmodifiableSet(new TreeSet<>(hidden));
        maintenance = sorted(maintenance);
        firstSeen = sorted(firstSeen);
    }

    /**
     * When a service was first registered here, in seconds since 1970.
     *
     * @param name of the service then; an id that is given to another service starts anew
     */
    public record FirstSeen(String name, long seconds) {}

    /** The next state, which is the old one unless {@code outcome} is {@link LocalOutcome.Applied}. */
    record Step(Registrations next, LocalOutcome outcome) {}

    Optional<ServiceRegistration> service(String id) {
        ServiceRegistration file = hidden.contains(serviceKey(id)) ? null : fileServices.get(id);
        return Optional.ofNullable(file != null ? file : apiServices.get(id));
    }

    Map<String, ServiceRegistration> services() {
        Map<String, ServiceRegistration> all = new TreeMap<>(apiServices);
        fileServices.forEach((id, service) -> {
            if (!hidden.contains(serviceKey(id))) {
                all.put(id, withVisibleChecks(service));
            }
        });
        return all;
    }

    /** Those that stand outside of services. */
    Map<String, CheckDefinition> standAloneChecks() {
        Map<String, CheckDefinition> all = new TreeMap<>(apiChecks);
        fileChecks.forEach((id, check) -> {
            boolean serviceHidden = hidden.contains(serviceKey(check.serviceId()));
            if (!hidden.contains(checkKey(id)) && !serviceHidden) {
                all.put(id, check);
            }
        });
        return all;
    }

    /** Replaces all that files declare; everything of the API that they contradict or leave without a service goes. */
    Step withFiles(FileSet files, long nowSeconds) {
        Map<String, ServiceRegistration> services = new TreeMap<>();
        for (ServiceRegistration service : files.services()) {
            if (services.put(service.id(), service) != null) {
                return invalid("service id '" + service.id() + "' is declared twice (expected: one id per service; "
                        + "give one of them an 'id' of its own); nothing was changed");
            }
        }
        Map<String, CheckDefinition> checks = new TreeMap<>();
        for (CheckDefinition check : files.checks()) {
            if (checks.put(check.id(), check) != null) {
                return invalid("check id '" + check.id() + "' is declared twice; nothing was changed");
            }
        }
        Map<String, ServiceRegistration> keptServices = new TreeMap<>(apiServices);
        keptServices.keySet().removeAll(services.keySet());
        Set<String> fileCheckIds = new HashSet<>(checks.keySet());
        services.values().forEach(service -> service.checks().forEach(check -> fileCheckIds.add(check.id())));
        keptServices.replaceAll((id, service) -> without(service, fileCheckIds));
        Map<String, CheckDefinition> keptChecks = new TreeMap<>(apiChecks);
        keptChecks.keySet().removeAll(fileCheckIds);
        keptChecks
                .values()
                .removeIf(check -> !check.serviceId().isEmpty()
                        && !services.containsKey(check.serviceId())
                        && !keptServices.containsKey(check.serviceId()));
        return new Registrations(services, checks, keptServices, keptChecks, Set.of(), maintenance, firstSeen)
                .settled(this, nowSeconds);
    }

    Step withService(ServiceRegistration service, boolean replaceChecks, long nowSeconds) {
        String id = service.id();
        if (fileServices.containsKey(id) && !hidden.contains(serviceKey(id))) {
            return invalid("service id '" + id + "' is declared in a service file of this host, and the file wins: "
                    + "change the file, or register under another ID; nothing was changed");
        }
        ServiceRegistration known = apiServices.get(id);
        ServiceRegistration merged = known == null || replaceChecks ? service : service.keepingChecksOf(known);
        Map<String, CheckDefinition> checks = new TreeMap<>(apiChecks);
        if (replaceChecks) {
            checks.values().removeIf(check -> check.serviceId().equals(id));
        }
        merged.checks().forEach(check -> checks.remove(check.id()));
        return new Registrations(
                        fileServices, fileChecks, with(apiServices, id, merged), checks, hidden, maintenance, firstSeen)
                .settled(this, nowSeconds);
    }

    Step withoutService(String id, long nowSeconds) {
        if (service(id).isEmpty()) {
            return new Step(this, new LocalOutcome.Unknown("unknown service ID: " + id));
        }
        Map<String, CheckDefinition> checks = new TreeMap<>(apiChecks);
        checks.values().removeIf(check -> check.serviceId().equals(id));
        boolean inFile = fileServices.containsKey(id);
        return new Registrations(
                        fileServices,
                        fileChecks,
                        inFile ? apiServices : without(apiServices, id),
                        checks,
                        inFile ? plus(hidden, serviceKey(id)) : hidden,
                        without(maintenance, Maintenance.serviceCheck(id)),
                        firstSeen)
                .settled(this, nowSeconds);
    }

    Step withCheck(CheckDefinition check, long nowSeconds) {
        if (!check.serviceId().isEmpty() && service(check.serviceId()).isEmpty()) {
            return new Step(
                    this,
                    new LocalOutcome.Unknown(
                            "ServiceID \"" + check.serviceId() + "\" does not exist; nothing was changed"));
        }
        if (isInFile(check.id())) {
            return invalid("check id '" + check.id() + "' is declared in a service file of this host, and the file "
                    + "wins: change the file, or register under another ID; nothing was changed");
        }
        Map<String, ServiceRegistration> services = new TreeMap<>(apiServices);
        services.replaceAll((id, service) -> without(service, Set.of(check.id())));
        return new Registrations(
                        fileServices,
                        fileChecks,
                        services,
                        with(apiChecks, check.id(), check),
                        hidden,
                        maintenance,
                        firstSeen)
                .settled(this, nowSeconds);
    }

    Step withoutCheck(String id, long nowSeconds) {
        boolean inFile = isInFile(id);
        Map<String, ServiceRegistration> services = new TreeMap<>(apiServices);
        services.replaceAll((serviceId, service) -> without(service, Set.of(id)));
        Registrations next = new Registrations(
                fileServices,
                fileChecks,
                services,
                without(apiChecks, id),
                inFile ? plus(hidden, checkKey(id)) : hidden,
                without(maintenance, id),
                firstSeen);
        return next.equals(this)
                ? new Step(this, new LocalOutcome.Unknown("unknown check ID: " + id))
                : next.settled(this, nowSeconds);
    }

    /** @param reason empty text: Consul's default sentence; empty: maintenance ends */
    Step withMaintenance(String checkId, Optional<String> reason, long nowSeconds) {
        Map<String, String> changed =
                reason.map(text -> with(maintenance, checkId, text)).orElseGet(() -> without(maintenance, checkId));
        return new Registrations(fileServices, fileChecks, apiServices, apiChecks, hidden, changed, firstSeen)
                .settled(this, nowSeconds);
    }

    /** Checks what only the whole can tell and fills in the first registrations. */
    private Step settled(Registrations before, long nowSeconds) {
        Optional<String> problem = problem();
        if (problem.isPresent()) {
            return new Step(before, new LocalOutcome.Invalid(problem.get() + "; nothing was changed"));
        }
        Map<String, ServiceRegistration> services = services();
        Map<String, FirstSeen> seen = new TreeMap<>(firstSeen);
        services.forEach((id, service) -> {
            String name = service.service().name().folded();
            FirstSeen known = seen.get(id);
            if (known == null || !known.name().equals(name)) {
                seen.put(id, new FirstSeen(name, nowSeconds));
            }
        });
        forgetBeyondBound(seen, services.keySet());
        Registrations next =
                new Registrations(fileServices, fileChecks, apiServices, apiChecks, hidden, maintenance, seen);
        return new Step(next, new LocalOutcome.Applied(!next.equals(before)));
    }

    private static void forgetBeyondBound(Map<String, FirstSeen> seen, Set<String> present) {
        while (seen.size() > MOST_REMEMBERED) {
            Optional<String> youngestAbsent = seen.entrySet().stream()
                    .filter(entry -> !present.contains(entry.getKey()))
                    .max(Map.Entry.comparingByValue((a, b) -> Long.compare(a.seconds(), b.seconds())))
                    .map(Map.Entry::getKey);
            if (youngestAbsent.isEmpty()) {
                return;
            }
            seen.remove(youngestAbsent.get());
        }
    }

    private Optional<String> problem() {
        Map<String, ServiceRegistration> services = services();
        if (services.size() > MOST_SERVICES) {
            return Optional.of("more than " + MOST_SERVICES + " services on one host");
        }
        Set<String> ids = new HashSet<>();
        for (ServiceRegistration service : services.values()) {
            Optional<String> problem = takeIds(ids, service.checks()).or(() -> endpointProblem(service));
            if (problem.isPresent()) {
                return problem;
            }
        }
        Collection<CheckDefinition> standAlone = standAloneChecks().values();
        for (CheckDefinition check : standAlone) {
            if (!check.serviceId().isEmpty() && !services.containsKey(check.serviceId())) {
                return Optional.of(
                        "check '" + check.id() + "': ServiceID \"" + check.serviceId() + "\" does not exist");
            }
        }
        return takeIds(ids, standAlone);
    }

    private static Optional<String> endpointProblem(ServiceRegistration service) {
        try {
            return service.service().mesh()
                            && service.endpoint().isEmpty()
                            && service.upstreams().isEmpty()
                    ? Optional.of(
                            "service '" + service.id() + "' is open to the mesh, but has neither port nor socket_path")
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("service '" + service.id() + "': " + e.getMessage());
        }
    }

    private static Optional<String> takeIds(Set<String> ids, Collection<CheckDefinition> checks) {
        for (CheckDefinition check : checks) {
            if (Maintenance.isReserved(check.id())) {
                return Optional.of("check id '" + check.id() + "' is reserved for maintenance");
            }
            if (!ids.add(check.id())) {
                return Optional.of("check id '" + check.id()
                        + "' is taken by another check of this host (expected: ids that differ)");
            }
        }
        return ids.size() > MOST_CHECKS
                ? Optional.of("more than " + MOST_CHECKS + " checks on one host")
                : Optional.empty();
    }

    private boolean isInFile(String checkId) {
        boolean declared = fileChecks.containsKey(checkId)
                || fileServices.values().stream()
                        .flatMap(service -> service.checks().stream())
                        .anyMatch(check -> check.id().equals(checkId));
        return declared && !hidden.contains(checkKey(checkId));
    }

    private ServiceRegistration withVisibleChecks(ServiceRegistration service) {
        Set<String> gone = new HashSet<>();
        service.checks().stream()
                .map(CheckDefinition::id)
                .filter(id -> hidden.contains(checkKey(id)) || apiChecks.containsKey(id))
                .forEach(gone::add);
        return without(service, gone);
    }

    private static ServiceRegistration without(ServiceRegistration service, Set<String> checkIds) {
        ServiceRegistration rest = service;
        for (CheckDefinition check : service.checks()) {
            if (checkIds.contains(check.id())) {
                rest = rest.withoutCheck(check.id());
            }
        }
        return rest;
    }

    private Step invalid(String message) {
        return new Step(this, new LocalOutcome.Invalid(message));
    }

    private static String serviceKey(String id) {
        return "service/" + id;
    }

    private static String checkKey(String id) {
        return "check/" + id;
    }

    private static <V> Map<String, V> sorted(Map<String, V> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> changed = new TreeMap<>(map);
        changed.put(key, Objects.requireNonNull(value));
        return changed;
    }

    private static <V> Map<String, V> without(Map<String, V> map, String key) {
        Map<String, V> changed = new TreeMap<>(map);
        changed.remove(key);
        return changed;
    }

    private static Set<String> plus(Set<String> set, String element) {
        Set<String> changed = new TreeSet<>(set);
        changed.add(element);
        return changed;
    }
}
