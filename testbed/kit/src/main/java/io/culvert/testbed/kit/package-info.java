/**
 * Fakes, generators and virtual time that the rooms' tests share. Depends on no room.
 */
@NullMarked
package io.culvert.testbed.kit;

import org.jspecify.annotations.NullMarked;
