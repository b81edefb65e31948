/**
 * Small files that must survive a crash: written to a temporary name, synced, renamed. Blocks; called while starting
 * and from a thread that may block, never from an event loop. The other rooms use {@code identity.disk} for the same: this
 * room may use {@code catalog} alone, which does no I/O.
 */
@NullMarked
package io.culvert.gossip.files;

import org.jspecify.annotations.NullMarked;
