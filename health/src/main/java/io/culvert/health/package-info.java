/**
 * Health checks. The door is {@link io.culvert.health.HealthChecks}; the rules are in {@code core} (pure), what is done to
 * find out is in {@code probe}. May use the catalogue's words and nothing else of the house.
 */
@NullMarked
package io.culvert.health;

import org.jspecify.annotations.NullMarked;
