/**
 * A small mesh inside one process: real certificates, real sockets on loopback, one catalogue.
 */
@NullMarked
package io.culvert.proxy.testing;

import org.jspecify.annotations.NullMarked;
