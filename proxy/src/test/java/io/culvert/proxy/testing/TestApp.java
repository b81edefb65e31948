package io.culvert.proxy.testing;

import io.culvert.catalog.Endpoint;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An application with plain blocking sockets, one thread for each caller; counts whom it accepted. */
public final class TestApp implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final Endpoint endpoint;
    private final AtomicInteger accepts = new AtomicInteger();
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    /** What is done with one caller; the socket is closed afterwards. */
    @FunctionalInterface
    public interface Script {
        void play(SocketChannel caller) throws IOException;
    }

    /** Sends back what comes, then ends. */
    public static final Script ECHO = caller -> {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        while (caller.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                caller.write(buffer);
            }
            buffer.clear();
        }
        caller.shutdownOutput();
    };

    private TestApp(ServerSocketChannel listener, Endpoint endpoint, Script script) {
        this.listener = listener;
        this.endpoint = endpoint;
        thread(() -> accept(script));
    }

    public static TestApp tcp(Script script) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress("127.0.0.1", 0));
        int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        return new TestApp(listener, new TcpEndpoint("127.0.0.1", port), script);
    }

    public static TestApp unix(Path path, Script script) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path));
        return new TestApp(listener, new UnixEndpoint(path.toString()), script);
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public int port() {
        return ((TcpEndpoint) endpoint).port();
    }

    public int accepts() {
        return accepts.get();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (SocketChannel caller : open) {
                caller.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(Script script) {
        while (listener.isOpen()) {
            try {
                SocketChannel caller = listener.accept();
                accepts.incrementAndGet();
                open.add(caller);
                thread(() -> serve(caller, script));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(SocketChannel caller, Script script) {
        try (caller) {
            script.play(caller);
        } catch (IOException e) {
            // The script's own affair: a test that cares catches it there.
            return;
        } finally {
            open.remove(caller);
        }
    }

    private static void thread(Runnable body) {
        Thread thread = new Thread(body, "test-app");
        thread.setDaemon(true);
        thread.start();
    }
}
