package io.culvert.agent.rpc;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;

/** Gives the client side of a handshake, with the server name of what is to be asked. */
@FunctionalInterface
public interface RpcTls {
    /** A handler for one new connection; empty when there is no certificate. Never blocks; event loops. */
    Optional<SslHandler> newHandler(ByteBufAllocator allocator);
}
