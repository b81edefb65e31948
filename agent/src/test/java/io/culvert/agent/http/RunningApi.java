package io.culvert.agent.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.culvert.agent.http.endpoint.Endpoints;
import io.culvert.agent.local.FakeChecks;
import io.culvert.agent.local.FileSet;
import io.culvert.agent.local.LocalState;
import io.culvert.agent.local.LocalStore;
import io.culvert.agent.local.json.RegistrationReader;
import io.culvert.agent.outputs.CheckOutputs;
import io.culvert.catalog.Catalog;
import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** The whole API over real sockets; the rest of the agent is what {@link FakeDoors} plays. */
final class RunningApi implements AutoCloseable {
    static final NodeRecord NODE = node(1, "n1", "127.0.0.1");
    private static final ObjectMapper JSON = new ObjectMapper();

    final Catalog catalog = new Catalog();
    final FakeChecks checks = new FakeChecks(() -> Instant.EPOCH);
    final FakeDoors doors = new FakeDoors();
    final FakeKeys keys = new FakeKeys();
    volatile CheckOutputs outputs = CheckOutputs.NONE;
    final LocalState local;
    final HttpApi api;
    final Path socket;
    volatile OptionalInt callerUid = OptionalInt.of(0);
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private final HttpClient client = HttpClient.newHttpClient();

    RunningApi(Path directory) throws IOException {
        this(directory, settings -> settings);
    }

    RunningApi(Path directory, UnaryOperator<HttpApiSettings> change) throws IOException {
        socket = directory.resolve("run/culvert.sock");
        local = new LocalState(
                NODE,
                LocalStore.NONE,
                checks,
                () -> Instant.ofEpochSecond(7),
                (before, after) -> catalog.contentChanged(after.content()));
        catalog.contentChanged(new NodeContent(NODE, List.of(), List.of()));
        local.applyFiles(FileSet.EMPTY);
        HttpApiSettings settings =
                HttpApiSettings.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), socket, 990);
        api = HttpApi.start(
                change.apply(settings),
                new Endpoints.Doors(
                        local,
                        new RegistrationReader(false),
                        checks,
                        catalog,
                        doors,
                        doors,
                        doors,
                        keys,
                        wanted -> outputs.of(wanted),
                        doors,
                        doors,
                        new PrometheusRegistry()),
                new HttpApi.Surroundings(
                        loops, workers, Instant::now, new SplittableRandom(1), (from, to) -> callerUid));
    }

    static HttpApiSettings with(HttpApiSettings settings, HttpApiSettings.Limits limits) {
        return new HttpApiSettings(
                settings.address(),
                settings.socket(),
                settings.socketGroup(),
                settings.socketMode(),
                settings.writers(),
                settings.agentUser(),
                settings.hostNames(),
                limits,
                settings.defaultWait(),
                settings.longestWait());
    }

    static NodeRecord node(long id, String name, String address) {
        return new NodeRecord(
                new NodeId(id, id),
                new NodeName(name),
                IpAddress.parse(address),
                "dc1",
                Map.of("rack", "r" + id),
                8443,
                id == 1,
                "0.1.0");
    }

    /** Another host with one instance of {@code service}. */
    void otherHost(long id, String service, CheckStatus status) {
        catalog.contentChanged(new NodeContent(
                node(id, "n" + id, "10.0.0." + id),
                List.of(ServiceInstance.of(service + "-" + id, service, 8080)),
                List.of(new CheckState("c" + id, "check", status, service + "-" + id, "tcp", ""))));
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, "");
    }

    HttpResponse<String> put(String path, String body) {
        return send("PUT", path, body);
    }

    CompletableFuture<HttpResponse<String>> later(String path) {
        return client.sendAsync(HttpRequest.newBuilder(URI.create(url(path))).build(), BodyHandlers.ofString());
    }

    JsonNode json(String path) {
        return parse(get(path).body());
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    long index(String path) {
        return Long.parseLong(get(path).headers().firstValue("X-Consul-Index").orElseThrow());
    }

    /** Where TCP listens. */
    InetSocketAddress address() {
        String address = api.sockets().stream()
                .map(StatusReport.Listener::address)
                .filter(text -> !text.startsWith("unix:"))
                .findFirst()
                .orElseThrow();
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + address().getPort() + path;
    }

    Socket connect() throws IOException {
        Socket connected = new Socket(address().getAddress(), address().getPort());
        connected.setSoTimeout(30_000);
        return connected;
    }

    /** Sends the bytes and reads until the server closes. */
    String raw(String request) throws IOException {
        try (Socket connected = connect()) {
            OutputStream out = connected.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return readAll(connected.getInputStream());
        }
    }

    static String readAll(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        api.close();
        workers.shutdownNow();
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
