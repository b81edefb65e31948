/**
 * Ways to find out: scripts on a small bounded pool, everything else on the event loops that were handed in. No rule
 * about statuses over time lives here.
 */
@NullMarked
package io.culvert.health.probe;

import org.jspecify.annotations.NullMarked;
