package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Position;

/**
 * Something of which a host can have only one: a service id, a check id, a socket, an intention's pair of names.
 *
 * @param what for messages: {@code service id 'web'}
 */
public record Claim(String what, Position position) {}
