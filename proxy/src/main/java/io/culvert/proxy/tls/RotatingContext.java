package io.culvert.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A context that is swapped while connections are made from it. Engines hold the context they came from, but none may be
 * made from a released one: so making and swapping exclude each other. Any thread.
 */
public final class RotatingContext implements HandlerSource, AutoCloseable {
    /** Four records are wrapped into one buffer and leave in one write. */
    private static final int WRAP_BYTES = 65_536;

    private @Nullable SslContext context; // guarded by this

    /** Takes ownership of {@code first}. */
    public RotatingContext(SslContext first) {
        this.context = first;
    }

    /** Takes ownership of {@code next}; connections made before keep what they have. After {@link #close}: released. */
    public synchronized void swap(SslContext next) {
        SslContext old = context;
        if (old == null) {
            ReferenceCountUtil.release(next);
            return;
        }
        context = next;
        ReferenceCountUtil.release(old);
    }

    @Override
    public synchronized Optional<SslHandler> newHandler(ByteBufAllocator allocator) {
        return context == null ? Optional.empty() : Optional.of(tuned(context.newHandler(allocator)));
    }

    /**
     * The client side of a handshake.
     *
     * @param serverName what stands in the SNI: {@link ServerNames#serverName}
     */
    public synchronized Optional<SslHandler> newHandler(ByteBufAllocator allocator, String serverName, int port) {
        return context == null ? Optional.empty() : Optional.of(tuned(context.newHandler(allocator, serverName, port)));
    }

    @Override
    public synchronized void close() {
        if (context != null) {
            ReferenceCountUtil.release(context);
            context = null;
        }
    }

    private static SslHandler tuned(SslHandler handler) {
        handler.setWrapDataSize(WRAP_BYTES);
        return handler;
    }
}
