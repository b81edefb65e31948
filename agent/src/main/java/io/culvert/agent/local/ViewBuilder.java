package io.culvert.agent.local;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceName;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckResult;
import io.culvert.proxy.Upstream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Derives everything that is in force from who declared what and from the last results. Pure. Entries that did not change
 * are those of the view before: whoever compares the two, down to the catalogue, sees that at a glance.
 */
final class ViewBuilder {
    private final Registrations registrations;
    private final Map<String, CheckResult> results;
    private final Map<String, LocalService> knownServices;
    private final Map<String, LocalCheck> knownChecks;
    private final Map<String, LocalService> services = new TreeMap<>();
    private final Map<String, LocalCheck> checks = new TreeMap<>();

    private ViewBuilder(
            Registrations registrations,
            Map<String, CheckResult> results,
            Map<String, LocalService> knownServices,
            Map<String, LocalCheck> knownChecks) {
        this.registrations = registrations;
        this.results = results;
        this.knownServices = knownServices;
        this.knownChecks = knownChecks;
    }

    /** The first view: nothing is declared yet. */
    static LocalView empty(NodeRecord node) {
        return new ViewBuilder(Registrations.EMPTY, Map.of(), Map.of(), Map.of()).build(node);
    }

    /** @param results by check id; a check without one has its initial status */
    static LocalView build(
            NodeRecord node, Registrations registrations, Map<String, CheckResult> results, LocalView before) {
        return new ViewBuilder(registrations, results, before.services(), before.checks()).build(node);
    }

    /** Everything that has to be run or listened for. */
    static List<CheckDefinition> checkDefinitions(Registrations registrations) {
        List<CheckDefinition> definitions = new ArrayList<>();
        registrations.services().values().forEach(service -> definitions.addAll(service.checks()));
        definitions.addAll(registrations.standAloneChecks().values());
        return List.copyOf(definitions);
    }

    private LocalView build(NodeRecord node) {
        registrations.services().forEach((id, registration) -> {
            services.put(id, service(id, registration));
            registration.checks().forEach(check -> add(check, false));
        });
        registrations.standAloneChecks().values().forEach(check -> add(check, true));
        registrations.maintenance().forEach(this::addMaintenance);
        List<ServiceInstance> instances =
                services.values().stream().map(LocalService::service).toList();
        List<CheckState> states =
                checks.values().stream().map(LocalCheck::state).toList();
        return new LocalView(
                new NodeContent(node, instances, states),
                Collections.unmodifiableMap(services),
                Collections.unmodifiableMap(checks),
                checkDefinitions(registrations),
                destinations(),
                upstreams(),
                callers(),
                meshServices());
    }

    private LocalService service(String id, ServiceRegistration registration) {
        long firstRegistered = Objects.requireNonNull(registrations.firstSeen().get(id), "first registration")
                .seconds();
        boolean fromFile = !registrations.apiServices().containsKey(id);
        LocalService known = knownServices.get(id);
        if (known != null
                && known.fromFile() == fromFile
                && known.service().firstRegistered() == firstRegistered
                && known.registration().equals(registration)) {
            return known;
        }
        return new LocalService(registration.service().withFirstRegistered(firstRegistered), registration, fromFile);
    }

    private void add(CheckDefinition check, boolean standAlone) {
        CheckResult result = results.get(check.id());
        CheckStatus status = result == null ? check.initialStatus() : result.status();
        LocalCheck known = knownChecks.get(check.id());
        if (known != null
                && known.standAlone() == standAlone
                && known.state().status() == status
                && known.definition().equals(Optional.of(check))) {
            checks.put(check.id(), known);
            return;
        }
        CheckState state = new CheckState(
                check.id(),
                check.name(),
                status,
                check.serviceId(),
                check.kind().type(),
                check.notes());
        checks.put(check.id(), new LocalCheck(state, Optional.of(check), standAlone));
    }

    private void addMaintenance(String checkId, String reason) {
        String serviceId = Maintenance.serviceId(checkId);
        if (serviceId.isEmpty() || services.containsKey(serviceId)) {
            checks.put(checkId, new LocalCheck(Maintenance.check(checkId, reason), Optional.empty(), true));
        }
    }

    private List<LocalDestination> destinations() {
        List<LocalDestination> destinations = new ArrayList<>();
        for (LocalService service : services.values()) {
            ServiceInstance instance = service.service();
            if (instance.mesh()) {
                service.registration()
                        .endpoint()
                        .ifPresent(endpoint ->
                                destinations.add(new LocalDestination(instance.name(), instance.id(), endpoint)));
            }
        }
        return List.copyOf(destinations);
    }

    private List<Upstream> upstreams() {
        return services.values().stream()
                .flatMap(service -> service.registration().upstreams().stream())
                .toList();
    }

    private List<LocalCaller> callers() {
        return services.values().stream()
                .filter(service -> !service.registration().user().isEmpty())
                .map(service -> new LocalCaller(
                        service.registration().user(), service.service().name()))
                .distinct()
                .toList();
    }

    private List<ServiceName> meshServices() {
        Set<ServiceName> names = new TreeSet<>();
        for (LocalService service : services.values()) {
            if (service.service().mesh() || !service.registration().user().isEmpty()) {
                names.add(service.service().name());
            }
        }
        return List.copyOf(names);
    }
}
