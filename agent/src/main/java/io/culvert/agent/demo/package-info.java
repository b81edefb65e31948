/** A small HTTP service on a UNIX socket, so that the examples work on a machine with no other software. */
@NullMarked
package io.culvert.agent.demo;

import org.jspecify.annotations.NullMarked;
