/**
 * Streams between agents: the Netty shells of the machines in {@code stream}, at both ends, and the table of live
 * streams that is judged again whenever a policy or a certificate changes. Runs on the event loops.
 */
@NullMarked
package io.culvert.proxy.tunnel;

import org.jspecify.annotations.NullMarked;
