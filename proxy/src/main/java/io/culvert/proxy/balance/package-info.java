/**
 * Which instance gets the next stream. Pure: the catalogue, the live counts and a random source come in, a choice goes
 * out. Confined to the event loop that uses it, or guarded as said.
 */
@NullMarked
package io.culvert.proxy.balance;

import org.jspecify.annotations.NullMarked;
