/** Columns for people. */
@NullMarked
package io.culvert.cli.table;

import org.jspecify.annotations.NullMarked;
