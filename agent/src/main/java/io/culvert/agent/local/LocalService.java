package io.culvert.agent.local;

import io.culvert.catalog.ServiceInstance;

/**
 * A service in force on this host.
 *
 * @param fromFile false: registered through the API
 */
public record LocalService(ServiceInstance service, ServiceRegistration registration, boolean fromFile) {}
