/**
 * The gossip simulator: virtual time, one thread, seeded.
 */
@NullMarked
package io.culvert.testbed.simulator;

import org.jspecify.annotations.NullMarked;
