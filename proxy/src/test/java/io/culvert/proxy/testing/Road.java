package io.culvert.proxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The network between a host and those who call it: carries bytes both ways, until it is told not to. */
public final class Road implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final SocketAddress to;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();

    public Road(SocketAddress to) throws IOException {
        this.to = to;
        this.listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress("127.0.0.1", 0));
        thread(this::accept);
    }

    public int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /** What is on its way now is carried no further, and nobody is told. Connections to come are not concerned. */
    public void swallow() {
        connections.forEach(connection -> connection.swallowed = true);
    }

    /** Breaks off what is open now. Connections to come are not concerned. */
    public void breakOff() throws IOException {
        for (Connection connection : connections) {
            Sockets.reset(connection.caller);
            Sockets.reset(connection.called);
        }
        connections.clear();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Connection connection : connections) {
                connection.caller.close();
                connection.called.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                Connection connection = new Connection(listener.accept(), SocketChannel.open(to));
                connections.add(connection);
                thread(() -> connection.carry(connection.caller, connection.called));
                thread(() -> connection.carry(connection.called, connection.caller));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private static final class Connection {
        final SocketChannel caller;
        final SocketChannel called;
        volatile boolean swallowed;

        Connection(SocketChannel caller, SocketChannel called) {
            this.caller = caller;
            this.called = called;
        }

        void carry(SocketChannel from, SocketChannel onto) {
            ByteBuffer buffer = ByteBuffer.allocate(65_536);
            try {
                while (from.read(buffer.clear()) >= 0) {
                    buffer.flip();
                    while (!swallowed && buffer.hasRemaining()) {
                        onto.write(buffer);
                    }
                }
                if (!swallowed) {
                    onto.shutdownOutput();
                }
            } catch (IOException e) {
                return; // an end of one of the two, or of the test
            }
        }
    }

    private static void thread(Runnable body) {
        Thread thread = new Thread(body, "road");
        thread.setDaemon(true);
        thread.start();
    }
}
