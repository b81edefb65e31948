package io.culvert.proxy.tls;

import io.netty.channel.Channel;
import java.util.function.Consumer;

/**
 * What the TLS port does with one server name.
 *
 * @param contexts gives the certificate to present
 * @param alpn the one application protocol; a client that did not ask for it is closed
 * @param onHandshakeComplete gets the channel on its event loop with nothing but TLS in its pipeline; it adds its own
 *     handlers before it returns, or closes the channel. The peer's identity is {@link TlsPeer#of}
 */
public record TlsProtocol(HandlerSource contexts, String alpn, Consumer<Channel> onHandshakeComplete) {
    /** Streams between agents. */
    public static final String STREAMS = "culvert/1";

    /** Requests between agents. */
    public static final String REQUESTS = "culvert-rpc/1";
}
