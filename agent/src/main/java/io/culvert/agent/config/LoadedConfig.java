package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Problem;
import io.culvert.health.CheckDefinition;
import io.culvert.identity.Intention;
import java.util.List;

/**
 * Everything that the service files of a host say together, free of conflicts: apply it whole.
 *
 * @param services with all their checks, from whatever file
 * @param nodeChecks checks of the node; with a service id: of a service that was registered over the API
 * @param problems of all files, by file and line
 * @param fileStates in the order read
 */
public record LoadedConfig(
        List<ServiceDefinition> services,
        List<CheckDefinition> nodeChecks,
        List<Intention> intentions,
        List<Problem> problems,
        List<FileState> fileStates) {
    /** Before anything was loaded. */
    public static final LoadedConfig EMPTY = new LoadedConfig(List.of(), List.of(), List.of(), List.of(), List.of());

    public LoadedConfig {
        services = List.copyOf(services);
        nodeChecks = List.copyOf(nodeChecks);
        intentions = List.copyOf(intentions);
        problems = List.copyOf(problems);
        fileStates = List.copyOf(fileStates);
    }

    /** All that counts, as if it stood in one file. */
    public ServiceFile asOneFile() {
        return new ServiceFile(services, nodeChecks, intentions, List.of(), List.of());
    }

    /** Whether some file does not count as it is. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }
}
