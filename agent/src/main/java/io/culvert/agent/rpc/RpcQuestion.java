package io.culvert.agent.rpc;

import java.time.Duration;

/**
 * One question to the servers.
 *
 * @param repeatable whether it may be asked again when the connection was lost before the answer came: reading may, using
 *     up a token may not
 * @param timeout for everything: connecting, trying other servers, the answer
 */
public record RpcQuestion<A>(String method, Object request, Class<A> answer, boolean repeatable, Duration timeout) {}
