/** What an agent's life rests on: its threads, its data directory, what it stops and in which order, signals, readiness. */
@NullMarked
package io.culvert.agent.life;

import org.jspecify.annotations.NullMarked;
