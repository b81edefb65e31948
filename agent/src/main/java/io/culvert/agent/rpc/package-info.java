/**
 * Requests between agents over the one TLS port: joining, signing of certificates, policy, later the servers' store.
 * Connections and their books are confined to their event loop; methods run on a worker executor and may block there.
 */
@NullMarked
package io.culvert.agent.rpc;

import org.jspecify.annotations.NullMarked;
