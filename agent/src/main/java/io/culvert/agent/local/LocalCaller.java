package io.culvert.agent.local;

import io.culvert.catalog.ServiceName;

/**
 * Whom a loopback caller of a user is taken for.
 *
 * @param user name or number, as declared
 */
public record LocalCaller(String user, ServiceName service) {}
