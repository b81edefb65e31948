package io.culvert.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;

/** Gives the server side of a handshake from whatever certificate is in force. */
@FunctionalInterface
public interface HandlerSource {
    /** A handler for one new connection; empty when there is no certificate (any more). Never blocks; event loops. */
    Optional<SslHandler> newHandler(ByteBufAllocator allocator);
}
