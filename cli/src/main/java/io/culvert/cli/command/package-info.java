/** One class a command. */
@NullMarked
package io.culvert.cli.command;

import org.jspecify.annotations.NullMarked;
