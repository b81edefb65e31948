/**
 * Counters of every room, in one registry. Listens to the rooms; they know nothing of metrics. Label sets are bounded: never
 * an address, a port or an instance.
 */
@NullMarked
package io.culvert.agent.metrics;

import org.jspecify.annotations.NullMarked;
