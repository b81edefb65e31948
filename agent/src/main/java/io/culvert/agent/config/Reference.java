package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Position;

/**
 * A check's need of a service instance on this host.
 *
 * @param checkId who needs it
 * @param serviceId what is needed
 * @param key {@code service_id} or {@code alias_service}
 */
public record Reference(String checkId, String serviceId, String key, Position position) {
    String refusal() {
        return "'" + key + "' in check '" + checkId + "': no service has the id '" + serviceId + "' on this host";
    }
}
