/**
 * The pool beside Serf, on one machine: one process for each member of both, driven and watched by one harness. What is
 * measured is what a person would see: the lines that a member prints, the kernel's counters of its process and of its
 * network. Nothing here is a test, and nothing here is part of the product.
 */
@NullMarked
package io.culvert.testbed.bench.peers;

import org.jspecify.annotations.NullMarked;
