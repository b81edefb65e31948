/**
 * What this host itself offers: its services and checks from files and from the API, maintenance, results of checks.
 *
 * <p>{@link io.culvert.agent.local.Registrations} is the pure core; {@link io.culvert.agent.local.LocalState} is the door:
 * locked, persistent, any thread. Everything an agent publishes, checks and opens to the mesh is derived here, in one
 * {@link io.culvert.agent.local.LocalView}.
 */
@NullMarked
package io.culvert.agent.local;

import org.jspecify.annotations.NullMarked;
