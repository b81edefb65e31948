/**
 * What the servers agree on, as values: key/values with their locks, and sessions. Every change is a pure function from one
 * state, a command and the leader's time stamp to the next state and an outcome, so that every server that applies the same
 * commands holds the same state.
 *
 * <p>What may not live here: clocks, randomness, threads, files, the engine that carries the commands, or anything whose
 * order of iteration may differ from one process to the next. States are immutable and share structure: a reader of any
 * thread keeps the one it was given, and a snapshot costs nothing until it is written.
 */
@NullMarked
package io.culvert.store.state;

import org.jspecify.annotations.NullMarked;
