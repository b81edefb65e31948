/**
 * The bytes of the store: commands as they are replicated, outcomes as they are answered, snapshots as they are kept and
 * sent. Big-endian, every length and count checked before anything is allocated; what was written by an older program is
 * read by every newer one.
 *
 * <p>What may not live here: rules (see {@code state}), files, or a format that follows the shape of classes.
 */
@NullMarked
package io.culvert.store.codec;

import org.jspecify.annotations.NullMarked;
