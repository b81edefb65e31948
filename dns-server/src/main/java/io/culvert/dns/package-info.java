/**
 * Names: sockets that take questions and give answers. {@link io.culvert.dns.DnsServer} is the door. What an answer says
 * is decided in {@code core}; here bytes are moved, connections bounded and foreign names forwarded.
 *
 * <p>Everything that belongs to one bound address runs on one event loop and is confined to it: nothing is locked, and
 * nothing blocks.
 */
@NullMarked
package io.culvert.dns;

import org.jspecify.annotations.NullMarked;
