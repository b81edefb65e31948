package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Problem;
import io.culvert.health.CheckDefinition;
import io.culvert.identity.Intention;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes files agree with each other. Pure. A conflict is blamed on the file that is new, or on the later of two new ones; it goes back to
 * its last good version, whole, and no other file loses a service by it.
 */
final class Reconciler {
    private final List<Candidate> candidates;
    private final Predicate<String> registeredElsewhere;

    /** @param registeredElsewhere whether a service id is registered over the API */
    Reconciler(List<Candidate> candidates, Predicate<String> registeredElsewhere) {
        this.candidates = candidates;
        this.registeredElsewhere = registeredElsewhere;
    }

    LoadedConfig reconcile(List<Problem> problemsOfDirectories) {
        // Each round sends at least one file back, and a file goes back at most twice.
        boolean settled = false;
        while (!settled) {
            settled = !sendBackConflicts() && !sendBackDangling();
        }
        Set<String> serviceIds = serviceIds();
        candidates.forEach(candidate -> reportDangling(candidate, serviceIds));
        return assemble(serviceIds, problemsOfDirectories);
    }

    private boolean sendBackConflicts() {
        Map<String, Claim> taken = new HashMap<>();
        boolean sentBack = false;
        for (Candidate candidate : establishedFirst()) {
            List<Claim> claims = candidate
                    .chosen()
                    .map(version -> version.definitions().claims())
                    .orElse(List.of());
            Optional<Problem> conflict = claims.stream()
                    .flatMap(claim -> conflict(claim, taken.get(claim.what())).stream())
                    .findFirst();
            if (conflict.isPresent()) {
                candidate.giveWay(conflict.get());
                sentBack = true;
            } else {
                claims.forEach(claim -> taken.put(claim.what(), claim));
            }
        }
        return sentBack;
    }

    private static Optional<Problem> conflict(Claim claim, @Nullable Claim first) {
        if (first == null) {
            return Optional.empty();
        }
        String message =
                claim.what() + " is already declared at " + first.position().fileAndLine();
        return Optional.of(Problem.error(claim.position(), message));
    }

    /** What is in force comes before what is new; otherwise the order of the files. */
    private List<Candidate> establishedFirst() {
        return candidates.stream()
                .sorted(Comparator.comparing(Candidate::isNews))
                .toList();
    }

    /** A new file that needs a service which is not there does not take effect. */
    private boolean sendBackDangling() {
        Set<String> serviceIds = serviceIds();
        boolean sentBack = false;
        for (Candidate candidate : candidates) {
            if (candidate.isNews()) {
                Optional<Reference> dangling = references(candidate).stream()
                        .filter(reference -> isDangling(reference, serviceIds))
                        .findFirst();
                dangling.ifPresent(
                        reference -> candidate.giveWay(Problem.error(reference.position(), reference.refusal())));
                sentBack |= dangling.isPresent();
            }
        }
        return sentBack;
    }

    /** A file in force stays so when another file takes away the service it needs: only that check has lost its meaning. */
    private void reportDangling(Candidate candidate, Set<String> serviceIds) {
        references(candidate).stream()
                .filter(reference -> isDangling(reference, serviceIds))
                .forEach(reference -> candidate.report(Problem.error(reference.position(), reference.refusal())));
    }

    private boolean isDangling(Reference reference, Set<String> serviceIds) {
        return !serviceIds.contains(reference.serviceId()) && !registeredElsewhere.test(reference.serviceId());
    }

    private static List<Reference> references(Candidate candidate) {
        return candidate
                .chosen()
                .map(version -> version.definitions().references())
                .orElse(List.of());
    }

    private Set<String> serviceIds() {
        Set<String> ids = new HashSet<>();
        inForce()
                .forEach(file -> file.services()
                        .forEach(service -> ids.add(service.instance().id())));
        return ids;
    }

    private List<ServiceFile> inForce() {
        return candidates.stream()
                .flatMap(candidate -> candidate.chosen().stream())
                .map(FileVersion::definitions)
                .toList();
    }

    private LoadedConfig assemble(Set<String> serviceIds, List<Problem> problemsOfDirectories) {
        Map<String, List<CheckDefinition>> checksOfServices = new HashMap<>();
        List<CheckDefinition> nodeChecks = new ArrayList<>();
        List<ServiceDefinition> services = new ArrayList<>();
        List<Intention> intentions = new ArrayList<>();
        for (ServiceFile file : inForce()) {
            services.addAll(file.services());
            intentions.addAll(file.intentions());
            for (CheckDefinition check : file.checks()) {
                if (serviceIds.contains(check.serviceId())) {
                    checksOfServices
                            .computeIfAbsent(check.serviceId(), id -> new ArrayList<>())
                            .add(check);
                } else if (check.serviceId().isEmpty() || registeredElsewhere.test(check.serviceId())) {
                    nodeChecks.add(check);
                }
            }
        }
        services.replaceAll(service -> withChecks(service, checksOfServices));
        List<FileState> states = candidates.stream().map(Candidate::state).toList();
        Problems problems = new Problems();
        problems.addAll(problemsOfDirectories);
        states.forEach(state -> problems.addAll(state.problems()));
        return new LoadedConfig(services, nodeChecks, intentions, problems.sorted(), states);
    }

    private static ServiceDefinition withChecks(ServiceDefinition service, Map<String, List<CheckDefinition>> more) {
        List<CheckDefinition> all = new ArrayList<>(service.checks());
        all.addAll(more.getOrDefault(service.instance().id(), List.of()));
        return service.withChecks(all);
    }
}
