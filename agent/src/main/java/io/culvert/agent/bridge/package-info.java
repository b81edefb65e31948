/**
 * Small adapters between rooms: what one room asks for, said with what another room has. No rules of their own; composed by
 * {@link io.culvert.agent.Agent}.
 */
@NullMarked
package io.culvert.agent.bridge;

import org.jspecify.annotations.NullMarked;
