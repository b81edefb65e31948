/**
 * What a question is answered with. Pure: bytes and a view of the catalogue go in, bytes come out; no sockets, no clock,
 * no threads, no logging. A {@link io.culvert.dns.core.Responder} keeps prepared answers and so belongs to one event
 * loop.
 *
 * <p>The common questions are read and answered by {@link io.culvert.dns.core.FastPath} on bytes; everything else by
 * {@link io.culvert.dns.core.SlowPath} through dnsjava. Both ask the same {@link io.culvert.dns.core.Resolver} what is
 * true.
 */
@NullMarked
package io.culvert.dns.core;

import org.jspecify.annotations.NullMarked;
