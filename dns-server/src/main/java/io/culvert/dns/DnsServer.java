package io.culvert.dns;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Answers questions about the mesh over UDP and TCP, straight from the catalogue: a change is in the next answer. Each
 * address is served by one event loop of the group, which stays the caller's.
 */
public final class DnsServer implements AutoCloseable {
    private final List<Binding> bindings;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DnsServer(List<Binding> bindings) {
        this.bindings = bindings;
    }

    /**
     * Listens on every address of {@code settings}. Waits until that is decided: not to be called from an event loop.
     *
     * @throws IOException when a required address cannot be had; then nothing listens any more
     */
    public static DnsServer start(DnsSettings settings, DnsSource source, EventLoopGroup group, DnsListener listener)
            throws IOException {
        Transports transports = Transports.of(group);
        Binding.Desk desk = new Binding.Desk(source, listener);
        List<Binding> bindings = new ArrayList<>();
        for (DnsSettings.Bind bind : settings.binds()) {
            EventLoop loop = group.next();
            bindings.add(new Binding(loop, transports, settings, bind, desk));
        }
        DnsServer server = new DnsServer(List.copyOf(bindings));
        bindings.stream().map(Binding::start).toList().forEach(started -> started.awaitUninterruptibly());
        for (DnsStatus.Socket socket : server.status().sockets()) {
            if (socket.required() && !socket.listening()) {
                server.close();
                throw new IOException("dns: " + socket.problem());
            }
        }
        return server;
    }

    /** What it listens on, and why not. Any thread. */
    public DnsStatus status() {
        return new DnsStatus(bindings.stream().map(Binding::state).toList());
    }

    /** Closes all sockets and waits until they are closed; a second call does nothing. Not from an event loop. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            bindings.stream().map(Binding::close).toList().forEach(done -> done.awaitUninterruptibly());
        }
    }
}
