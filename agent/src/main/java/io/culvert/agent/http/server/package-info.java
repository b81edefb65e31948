/** Sockets of the API: bounded reading, one request of a connection at a time, in order. Event loops only; never blocks. */
@NullMarked
package io.culvert.agent.http.server;

import org.jspecify.annotations.NullMarked;
