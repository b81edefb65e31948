/**
 * A whole pool in virtual time: the machines of production on a network that loses, delays, repeats and cuts, with hosts
 * that crash, pause, restart and leave. One thread; the same seed gives the same run, event for event.
 */
@NullMarked
package io.culvert.testbed.simulator;

import org.jspecify.annotations.NullMarked;
