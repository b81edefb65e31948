/**
 * The agent's HTTP API: Consul's paths and JSON, and Culvert's own below {@code /v1/culvert}.
 *
 * <p>{@link io.culvert.agent.http.HttpApi} is the door. Bytes are read and written on event loops, which never block;
 * handlers run on a worker executor; what they read are snapshots. The interfaces of this package are what the API needs
 * of the rest of the agent, and all that it knows of it.
 */
@NullMarked
package io.culvert.agent.http;

import org.jspecify.annotations.NullMarked;
