package io.culvert.cli.api;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The agent's HTTP API. One connection a request; blocks. */
public final class AgentApi {
    private static final JsonFactory JSON = new JsonFactory();

    private final String where;
    private final SocketAddress address;
    private final String host;

    private AgentApi(String where, SocketAddress address, String host) {
        this.where = where;
        this.address = address;
        this.host = host;
    }

    /** Reads {@code http://host:port}, {@code host:port} or {@code unix:///path}. */
    public static AgentApi at(String where) {
        if (where.startsWith("unix://")) {
            return new AgentApi(where, UnixDomainSocketAddress.of(where.substring("unix://".length())), "localhost");
        }
        if (where.startsWith("https://")) {
            throw new ApiException(0, "'" + where + "': the agent's API is on loopback and speaks plain HTTP");
        }
        URI uri = URI.create(where.startsWith("http://") ? where : "http://" + where);
        if (uri.getHost() == null) {
            throw new ApiException(
                    0, "'" + where + "' (expected: http://127.0.0.1:8500 or unix:///path/of/culvert.sock)");
        }
        int port = uri.getPort() < 0 ? 8_500 : uri.getPort();
        return new AgentApi(where, new InetSocketAddress(uri.getHost(), port), uri.getHost() + ":" + port);
    }

    /** GET, and the JSON of the answer. */
    public Json get(String path) {
        return parse(path, text("GET", path, ""));
    }

    /** PUT with a body that may be empty, and the text of the answer. */
    public String put(String path, String body) {
        return text("PUT", path, body);
    }

    public String post(String path, String body) {
        return text("POST", path, body);
    }

    public String delete(String path) {
        return text("DELETE", path, "");
    }

    /** GET as text, for {@code --format json}. */
    public String text(String path) {
        return text("GET", path, "");
    }

    /** One path segment or query value, escaped. */
    public static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Reads the JSON text of an answer. */
    public Json parse(String path, String text) {
        try {
            return Json.parse(JSON, text);
        } catch (IOException e) {
            throw new ApiException(where + path + " answered something that is not JSON: " + e.getMessage(), e);
        }
    }

    private String text(String method, String path, String body) {
        HttpAnswer answer = exchange(method, path, body);
        if (answer.status() >= 300) {
            String said = answer.body().strip();
            throw new ApiException(
                    answer.status(),
                    said.isEmpty() ? method + " " + path + " was answered with status " + answer.status() : said);
        }
        return answer.body();
    }

    private HttpAnswer exchange(String method, String path, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\nHost: " + host
                + "\r\nConnection: close\r\nAccept: application/json\r\n" + "User-Agent: culvert\r\nContent-Length: "
                + content.length + "\r\n\r\n";
        try (SocketChannel channel = connect()) {
            write(channel, head.getBytes(StandardCharsets.US_ASCII));
            write(channel, content);
            return HttpAnswer.read(Channels.newInputStream(channel));
        } catch (IOException e) {
            throw new ApiException("the agent at " + where + " broke off: " + e.getMessage(), e);
        }
    }

    private SocketChannel connect() {
        try {
            SocketChannel channel = address instanceof UnixDomainSocketAddress
                    ? SocketChannel.open(StandardProtocolFamily.UNIX)
                    : SocketChannel.open();
            channel.connect(address);
            return channel;
        } catch (IOException | java.nio.channels.UnresolvedAddressException e) {
            throw new ApiException(
                    "no agent answers at " + where + " (" + e.getMessage()
                            + "). Is it running? Start one with 'culvert agent', "
                            + "or name another with --http-addr or CULVERT_HTTP_ADDR.",
                    e);
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
