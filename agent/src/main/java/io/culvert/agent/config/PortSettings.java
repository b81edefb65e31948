package io.culvert.agent.config;

import java.util.OptionalInt;

/**
 * Ports; 0 lets the system choose. All but {@code http} and {@code dns} are needed.
 *
 * @param http of the API; empty: off, the UNIX socket remains
 * @param dns UDP and TCP; empty: off
 * @param gossip UDP and TCP
 * @param tls everything else from agent to agent
 */
public record PortSettings(OptionalInt http, OptionalInt dns, int gossip, int tls) {}
