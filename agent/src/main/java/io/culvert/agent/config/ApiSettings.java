package io.culvert.agent.config;

import io.culvert.catalog.IpAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the HTTP API is offered.
 *
 * @param bind a loopback address: the API has no TLS
 * @param socket the UNIX socket; empty: none
 * @param socketGroup its group by name or number; empty: the agent's
 * @param socketMode its permission bits
 */
public record ApiSettings(IpAddress bind, Optional<Path> socket, String socketGroup, int socketMode) {}
