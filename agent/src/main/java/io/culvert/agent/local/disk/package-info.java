/** Keeps the local state under the data directory. Blocks on the disk; never on an event loop. */
@NullMarked
package io.culvert.agent.local.disk;

import org.jspecify.annotations.NullMarked;
