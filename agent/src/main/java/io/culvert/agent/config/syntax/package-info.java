/**
 * Reads HCL 1 and strict JSON into one tree with a position on every value. Pure: text in, tree and problems out; no
 * files, no schema. Any thread.
 */
@NullMarked
package io.culvert.agent.config.syntax;

import org.jspecify.annotations.NullMarked;
