/** Keeps the table of loopback addresses in step with the catalogue, and on disk. */
@NullMarked
package io.culvert.agent.loopback;

import org.jspecify.annotations.NullMarked;
