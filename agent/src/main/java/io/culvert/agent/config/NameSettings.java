package io.culvert.agent.config;

import io.culvert.catalog.TcpEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What DNS answers.
 *
 * @param domain the mesh's own
 * @param altDomain a second name for the same; empty: none
 * @param recursors who is asked about other names, by IP address
 * @param meshTtl of loopback addresses
 * @param nodeTtl of node names
 * @param serviceTtl by service name, {@code prefix*} or {@code *}
 * @param negativeTtl of "no such name"
 * @param onlyPassing whether instances with a warning are left out
 * @param port53 whether port 53 is tried as well
 */
public record NameSettings(
        String domain,
        String altDomain,
        List<TcpEndpoint> recursors,
        Duration meshTtl,
        Duration nodeTtl,
        Map<String, Duration> serviceTtl,
        Duration negativeTtl,
        boolean onlyPassing,
        boolean port53) {
    public NameSettings {
        recursors = List.copyOf(recursors);
        serviceTtl = Map.copyOf(serviceTtl);
    }
}
