/**
 * TLS between agents: contexts from certificates and bundles, and the one port on which every protocol is found by its
 * server name. Handshakes run on the event loops; contexts are swapped by whoever renews certificates, from any thread.
 */
@NullMarked
package io.culvert.proxy.tls;

import org.jspecify.annotations.NullMarked;
