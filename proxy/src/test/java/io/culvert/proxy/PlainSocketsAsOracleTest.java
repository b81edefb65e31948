package io.culvert.proxy;

import static io.culvert.proxy.testing.Sockets.async;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.proxy.testing.Sockets;
import io.culvert.proxy.testing.TestApp;
import io.culvert.proxy.testing.TestHost;
import io.culvert.proxy.testing.TestMesh;
import io.culvert.testbed.kit.Property;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same conversation over plain sockets and through agents: both must hear the same. Words of a conversation: {@code
 * c>N} the caller sends N bytes and the application reads them, {@code s>N} the other way; {@code c.fin}, {@code c.rst},
 * {@code c.close} what the caller does with its socket, {@code s.…} the application; {@code c?} what a read of the caller
 * gives, {@code s?}; {@code c!} whether writes of the caller break before long, {@code s!}.
 */
@Timeout(120)
class PlainSocketsAsOracleTest {
    private static final String[] WORDS = {
        "c>1", "c>1000", "s>1", "s>1000", "c>40000", "s>40000", "c.fin", "s.fin", "c.rst", "s.rst", "c.close", "s.close"
    };

    private final TestMesh mesh = new TestMesh();
    private final SplittableRandom random = new SplittableRandom();
    private final BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<TestApp> apps = new ArrayList<>();

    @TempDir
    Path directory = Path.of(".");

    /** Somebody to connect to. */
    private interface Way {
        SocketChannel connect() throws IOException;
    }

    @BeforeEach
    void allow() {
        mesh.intentions().allow("*", "*");
    }

    @AfterEach
    void close() {
        over.countDown();
        mesh.close();
        apps.forEach(TestApp::close);
    }

    private TestApp app(TestApp app) {
        apps.add(app);
        return app;
    }

    private void hold(SocketChannel caller) throws IOException {
        accepted.add(caller);
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> converse(Way way, List<String> words) throws Exception {
        List<String> heard = new ArrayList<>();
        try (SocketChannel caller = way.connect();
                SocketChannel application = accepted.poll(10, SECONDS)) {
            assertThat(application).as("accepted").isNotNull();
            for (String word : words) {
                boolean callers = word.charAt(0) == 'c';
                SocketChannel own = callers ? caller : application;
                SocketChannel other = callers ? application : caller;
                heard.add(word + " " + say(word.substring(1), own, other));
            }
        }
        return heard;
    }

    private String say(String what, SocketChannel own, SocketChannel other) throws Exception {
        switch (what) {
            case ".fin" -> own.shutdownOutput();
            case ".close" -> own.close();
            case ".rst" -> {
                if (own.getLocalAddress() instanceof InetSocketAddress) {
                    own.setOption(StandardSocketOptions.SO_LINGER, 0);
                }
                own.close();
            }
            case "?" -> {
                return read(own);
            }
            case "!" -> {
                return writesBreak(own);
            }
            default -> {
                byte[] bytes = Property.bytes(random, Integer.parseInt(what.substring(1)));
                Sockets.writeAll(own, bytes);
                assertThat(Sockets.readExactly(other, bytes.length)).isEqualTo(bytes);
            }
        }
        return "";
    }

    private static String read(SocketChannel channel) throws Exception {
        try {
            return async(() -> {
                        try {
                            return Sockets.readAll(channel).length == 0 ? "end" : "data";
                        } catch (IOException e) {
                            return "reset";
                        }
                    })
                    .get(8, SECONDS);
        } catch (TimeoutException e) {
            return "nothing";
        }
    }

    private static String writesBreak(SocketChannel channel) {
        try {
            await().atMost(8, SECONDS)
                    .pollInterval(java.time.Duration.ofMillis(20))
                    .until(() -> {
                        try {
                            Sockets.writeAll(channel, new byte[1]);
                            return false;
                        } catch (IOException e) {
                            return true;
                        }
                    });
            return "broken";
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            return "taken";
        }
    }

    private static final String[] CONVERSATIONS = {
        "c>1000 s>1000 c.fin s? s>40000 s.fin c?",
        "s>1000 s.fin c? c>40000 c.fin s?",
        "c.fin s? s.fin c?",
        "s.close c? c!",
        "c.close s? s!",
        "c>1 s>1 c.rst s?",
        "c>1 s>1 s.rst c?",
        "c>1 c.fin s? s>1 s.rst c?",
        "s>1 s.fin c? c>1 c.rst s?",
        "c>1 s>1 s.close c? c!",
        "c>1 s>1 c.close s? s!",
        "c>1 c.fin s? s>1000 s.close c?",
    };

    private Way tcpThroughAgents(boolean sameHost) throws IOException {
        TestApp app = app(TestApp.tcp(this::hold));
        TestHost db = mesh.host(sameHost ? "both" : "db").serve("svc", app);
        TestHost caller = sameHost ? db : mesh.host("app");
        await().atMost(10, SECONDS)
                .until(() -> caller.proxy().status().listeners().stream()
                        .anyMatch(one -> one.state() == ListenerStatus.State.LISTENING));
        return () -> caller.call("svc", app.port());
    }

    private Way unixThroughAgents(boolean sameHost) throws IOException {
        TestApp app = app(TestApp.unix(directory.resolve("app.sock"), this::hold));
        TestHost db = mesh.host(sameHost ? "both" : "db").serve("svc", app.endpoint(), 0);
        TestHost caller = sameHost ? db : mesh.host("app");
        Path socket = directory.resolve("call.sock");
        caller.caller("shop")
                .upstream(
                        "shop",
                        "svc",
                        new Upstream.UnixBind(socket.toString(), Optional.empty(), Optional.empty(), Optional.empty()));
        return () -> Sockets.unix(socket);
    }

    private Way tcpDirect() throws IOException {
        TestApp app = app(TestApp.tcp(this::hold));
        return () -> SocketChannel.open(new InetSocketAddress("127.0.0.1", app.port()));
    }

    private Way unixDirect() throws IOException {
        Path socket = directory.resolve("direct.sock");
        app(TestApp.unix(socket, this::hold));
        return () -> SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private void assertSame(Way plain, Way agents) throws Exception {
        for (String conversation : CONVERSATIONS) {
            List<String> words = List.of(conversation.split(" "));
            List<String> expected = converse(plain, words);
            for (int i = 0; i < 3; i++) {
                assertThat(converse(agents, words)).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tcp_through_agents_is_heard_as_plain_tcp(boolean sameHost) throws Exception {
        assertSame(tcpDirect(), tcpThroughAgents(sameHost));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unix_sockets_through_agents_are_heard_as_plain_ones(boolean sameHost) throws Exception {
        assertSame(unixDirect(), unixThroughAgents(sameHost));
    }

    @Test
    void any_conversation_over_tcp_is_heard_the_same() throws Exception {
        Way plain = tcpDirect();
        Way agents = tcpThroughAgents(false);
        Property.forSeeds(60, seeded -> {
            List<String> words = conversation(seeded);
            try {
                assertThat(converse(agents, words)).as("%s", words).isEqualTo(converse(plain, words));
            } catch (Exception e) {
                throw new AssertionError(words + ": " + e, e);
            }
        });
    }

    /** A random one in which nobody speaks after its end, nor to one that is gone. */
    private static List<String> conversation(SplittableRandom random) {
        List<String> words = new ArrayList<>();
        boolean callerEnded = false;
        boolean applicationEnded = false;
        while (words.size() < 14 && !(callerEnded && applicationEnded)) {
            String word = WORDS[random.nextInt(WORDS.length)];
            boolean callers = word.charAt(0) == 'c';
            if (callers ? callerEnded : applicationEnded) {
                continue;
            }
            words.add(word);
            if (word.charAt(1) == '>') {
                continue;
            }
            words.add((callers ? "s" : "c") + "?");
            if (!word.endsWith("fin")) {
                return words;
            }
            callerEnded |= callers;
            applicationEnded |= !callers;
        }
        return words;
    }
}
