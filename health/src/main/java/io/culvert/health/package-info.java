/**
 * Health checks.
 */
@NullMarked
package io.culvert.health;

import org.jspecify.annotations.NullMarked;
