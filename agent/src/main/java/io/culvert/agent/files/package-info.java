/** Small files of the data directory: written whole or not at all, set aside when damaged. */
@NullMarked
package io.culvert.agent.files;

import org.jspecify.annotations.NullMarked;
