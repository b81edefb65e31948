package io.culvert.proxy;

import io.culvert.catalog.Endpoint;
import io.culvert.catalog.ServiceName;

/** An instance of this host that the mesh opens to others, and where it listens. */
public record LocalDestination(String instanceId, ServiceName service, Endpoint endpoint) {}
