package io.culvert.proxy;

import io.culvert.catalog.ServiceName;

/**
 * A service of this host that is known by the user it runs as.
 *
 * @param user name or number
 */
public record LocalCaller(ServiceName service, String user) {}
