/**
 * Streams: from a local socket, through TLS, out at a local socket on another host. {@link io.culvert.proxy.Proxy} is the
 * door; everything that moves bytes runs on the event loops it is given, both legs of a stream always on the same one.
 * May use {@code catalog} and {@code identity}.
 */
@NullMarked
package io.culvert.proxy;

import org.jspecify.annotations.NullMarked;
