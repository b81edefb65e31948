/**
 * Keys and certificates on disk: PEM, files that only the owner may read, each written to a temporary name, synced and
 * renamed. Blocks on the disk: never to be called from an event loop.
 */
@NullMarked
package io.culvert.identity.disk;

import org.jspecify.annotations.NullMarked;
