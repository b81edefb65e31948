package io.culvert.health.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A server that answers a request head with exactly the bytes it is told to. One thread a connection. */
final class RawServer implements AutoCloseable {
    private static final int LONGEST_HEAD = 64 * 1024;

    /** Heads of the requests it was sent. */
    final List<String> heads = new CopyOnWriteArrayList<>();

    /** What broke answers off, which is what some tests are about. */
    final List<String> brokenOff = new CopyOnWriteArrayList<>();

    private final AutoCloseable listener;
    private final int port;
    private volatile byte @Nullable [] greeting;

    /** Writes the answer; the connection is closed when it returns. */
    interface Answer {
        void to(String head, InputStream in, OutputStream out) throws IOException;
    }

    private RawServer(AutoCloseable listener, int port) {
        this.listener = listener;
        this.port = port;
    }

    static RawServer tcp(Answer answer) throws IOException {
        return accepting(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), answer);
    }

    /** Sends {@code bytes} to whoever connects, whatever that says, and closes after the other side did. */
    static RawServer greeting(byte[] bytes) throws IOException {
        RawServer server = tcp((head, in, out) -> {});
        server.greeting = bytes;
        return server;
    }

    static RawServer tls(SSLContext context, Answer answer) throws IOException {
        return accepting(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), answer);
    }

    static RawServer unix(Path path, Answer answer) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(path));
        RawServer server = new RawServer(channel, 0);
        server.inBackground(() -> {
            while (true) {
                SocketChannel accepted = channel.accept();
                server.inBackground(() -> {
                    try (accepted) {
                        server.serve(Channels.newInputStream(accepted), Channels.newOutputStream(accepted), answer);
                    }
                });
            }
        });
        return server;
    }

    /** An answer of fixed text. */
    static Answer text(String response) {
        return (head, in, out) -> out.write(response.getBytes(StandardCharsets.UTF_8));
    }

    private static RawServer accepting(ServerSocket listener, Answer answer) {
        RawServer server = new RawServer(listener, listener.getLocalPort());
        server.inBackground(() -> {
            while (true) {
                Socket accepted = listener.accept();
                server.inBackground(() -> {
                    try (accepted) {
                        server.serve(accepted.getInputStream(), accepted.getOutputStream(), answer);
                    }
                });
            }
        });
        return server;
    }

    int port() {
        return port;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Override
    public void close() throws Exception {
        listener.close();
    }

    private void serve(InputStream in, OutputStream out, Answer answer) throws IOException {
        byte[] first = greeting;
        if (first != null) {
            out.write(first);
            in.transferTo(OutputStream.nullOutputStream());
            return;
        }
        String head = readHead(in);
        heads.add(head);
        answer.to(head, in, out);
        out.flush();
    }

    /** Up to the empty line, or to the end. */
    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0 && head.length() < LONGEST_HEAD) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private interface Body {
        void run() throws IOException;
    }

    private void inBackground(Body body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (SocketException | AsynchronousCloseException | SSLException e) {
                        brokenOff.add(String.valueOf(e.getMessage()));
                    } catch (IOException e) {
                        brokenOff.add(e.toString());
                        if (!String.valueOf(e.getMessage()).contains("Broken pipe")) {
                            throw new UncheckedIOException(e);
                        }
                    }
                },
                "raw-server");
        thread.setDaemon(true);
        thread.start();
    }
}
