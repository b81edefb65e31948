package io.culvert.agent.local;

import io.culvert.catalog.Endpoint;
import io.culvert.catalog.ServiceName;

/** An instance on this host that the mesh may deliver streams to. */
public record LocalDestination(ServiceName service, String serviceId, Endpoint endpoint) {}
