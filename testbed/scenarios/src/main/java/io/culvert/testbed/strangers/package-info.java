/**
 * Those who do not belong to the mesh, and come all the same: programs that run in a namespace of their own and try every
 * door with every key. They use the product's own rooms, since a real thief would.
 */
@NullMarked
package io.culvert.testbed.strangers;

import org.jspecify.annotations.NullMarked;
