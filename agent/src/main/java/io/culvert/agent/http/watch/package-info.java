/** Blocking queries: who waits for what, woken by the change of exactly that. Never blocks a thread. */
@NullMarked
package io.culvert.agent.http.watch;

import org.jspecify.annotations.NullMarked;
