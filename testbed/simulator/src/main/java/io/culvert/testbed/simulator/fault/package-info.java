/**
 * Faults as data: what befalls a simulated pool, when, for how long and whom. A script of them can be printed, read again,
 * drawn from a seed and made smaller. Nothing here knows the simulator: faults act upon a {@link
 * io.culvert.testbed.simulator.fault.Stage} and on {@link io.culvert.testbed.simulator.fault.Links}.
 */
@NullMarked
package io.culvert.testbed.simulator.fault;

import org.jspecify.annotations.NullMarked;
