/**
 * Composition.
 */
@NullMarked
package io.culvert.agent;

import org.jspecify.annotations.NullMarked;
