/**
 * What a person has to know of the pool besides its members: what is wrong, since when, and what to do. Heard on the gossip
 * loop, read by any thread. May not change the pool.
 */
@NullMarked
package io.culvert.agent.pool;

import org.jspecify.annotations.NullMarked;
