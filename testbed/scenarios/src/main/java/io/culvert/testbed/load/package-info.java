/** A server that says who it is and a client that believes nothing: together they find wrong deliveries and truncation. */
@NullMarked
package io.culvert.testbed.load;

import org.jspecify.annotations.NullMarked;
