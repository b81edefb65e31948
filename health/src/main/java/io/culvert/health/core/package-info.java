/**
 * When a check runs, what its results amount to, when a service is given up. Pure: no sockets, no clock, no threads;
 * events and moments go in, effects come out. Confined to whoever holds the {@link
 * io.culvert.health.core.CheckSchedule}.
 */
@NullMarked
package io.culvert.health.core;

import org.jspecify.annotations.NullMarked;
