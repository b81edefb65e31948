/**
 * The small strongly consistent store of the servers: key/values, sessions, locks, intentions, config entries and the
 * state of the certificate authority, as one deterministic state machine behind a {@code ReplicatedLog} seam.
 *
 * <p>What is built so far: the state machine of key/values, locks, sessions and transactions ({@code state}), and its bytes
 * ({@code codec}). No engine carries it yet: the one server of a mesh keeps its policy and its authority in files of its own
 * (see {@code io.culvert.agent.policy}). What may live here: the state machine, the log, the adapter that shows the pool's
 * servers to the engine. What may not: sockets of its own, discovery, health, or anything that a request on the data path
 * waits for.
 */
@NullMarked
package io.culvert.store;

import org.jspecify.annotations.NullMarked;
