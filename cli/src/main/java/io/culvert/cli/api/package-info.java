/** A small HTTP/1.1 client over TCP or a UNIX socket. The JDK's own would double the time that a command takes to start. */
@NullMarked
package io.culvert.cli.api;

import org.jspecify.annotations.NullMarked;
