package io.culvert.agent.config;

import io.culvert.health.CheckDefinition;
import io.culvert.identity.Intention;
import java.util.List;

/**
 * What one file declares.
 *
 * @param checks those at the top of the file: of the node, or of a service in any file
 * @param claims what no other file may claim as well
 * @param references services that must be there for it to make sense
 */
public record ServiceFile(
        List<ServiceDefinition> services,
        List<CheckDefinition> checks,
        List<Intention> intentions,
        List<Claim> claims,
        List<Reference> references) {
    static final ServiceFile EMPTY = new ServiceFile(List.of(), List.of(), List.of(), List.of(), List.of());

    public ServiceFile {
        services = List.copyOf(services);
        checks = List.copyOf(checks);
        intentions = List.copyOf(intentions);
        claims = List.copyOf(claims);
        references = List.copyOf(references);
    }
}
