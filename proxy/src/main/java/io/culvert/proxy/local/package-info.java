/**
 * Sockets on this host: loopback listeners, upstream sockets, and who is calling on them. Listeners run on the event
 * loops, the diff of what should be listened on and the look-ups in {@code /proc} on a worker thread.
 */
@NullMarked
package io.culvert.proxy.local;

import org.jspecify.annotations.NullMarked;
