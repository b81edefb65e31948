/** How much a machine holds: every table, queue and window that others can grow, beside the bound it keeps. Pure. */
@NullMarked
package io.culvert.gossip.bounds;

import org.jspecify.annotations.NullMarked;
