/**
 * JMH benchmarks of the product's inner loops: one class for each, time and allocation. They use what production uses;
 * nothing here is a test.
 */
@NullMarked
package io.culvert.testbed.bench.micro;

import org.jspecify.annotations.NullMarked;
