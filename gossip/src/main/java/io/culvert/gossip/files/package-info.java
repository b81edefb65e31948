/**
 * Small files that must survive a crash: written to a temporary name, synced, renamed. Blocks; called while starting
 * and from a thread that may block, never from an event loop.
 */
@NullMarked
package io.culvert.gossip.files;

import org.jspecify.annotations.NullMarked;
