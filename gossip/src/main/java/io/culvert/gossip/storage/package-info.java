/**
 * What a member keeps on disk to be itself after a restart: its epoch, and whom it knew. Every method blocks on the disk.
 */
@NullMarked
package io.culvert.gossip.storage;

import org.jspecify.annotations.NullMarked;
