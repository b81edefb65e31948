package io.culvert.agent.local;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.ServiceName;
import io.culvert.health.CheckDefinition;
import io.culvert.proxy.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is in force on this host at one moment; immutable.
 *
 * @param content what is published: the same for the pool and for the own catalogue
 * @param services by id, in order of id
 * @param checks by id, in order of id, maintenance included
 * @param checkDefinitions everything that has to be run or listened for
 * @param destinations instances that the mesh may deliver to, those of services without {@code connect} excluded
 * @param upstreams sockets to open
 * @param callers whom a loopback caller is taken for by its user
 * @param meshServices names that need a certificate: what the mesh opens to others, and what calls through upstreams
 */
public record LocalView(
        NodeContent content,
        Map<String, LocalService> services,
        Map<String, LocalCheck> checks,
        List<CheckDefinition> checkDefinitions,
        List<LocalDestination> destinations,
        List<Upstream> upstreams,
        List<LocalCaller> callers,
        List<ServiceName> meshServices) {

    public Optional<LocalService> service(String id) {
        return Optional.ofNullable(services.get(id));
    }

    /** The checks that speak of a service: its own and those of the host. */
    public List<LocalCheck> checksOf(String serviceId) {
        List<LocalCheck> found = new ArrayList<>();
        for (LocalCheck check : checks.values()) {
            String owner = check.state().serviceId();
            if (owner.isEmpty() || owner.equals(serviceId)) {
                found.add(check);
            }
        }
        return found;
    }

    /** Consul's aggregate: {@code maintenance}, {@code critical}, {@code warning} or {@code passing}. */
    public static String aggregate(List<LocalCheck> checks) {
        CheckStatus worst = CheckStatus.PASSING;
        for (LocalCheck check : checks) {
            CheckState state = check.state();
            if (state.isMaintenance()) {
                return CheckState.MAINTENANCE;
            }
            worst = worst.worse(state.status());
        }
        return worst.word();
    }
}
