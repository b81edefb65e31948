package io.culvert.proxy;

import static io.culvert.proxy.testing.Sockets.readExactly;
import static io.culvert.proxy.testing.Sockets.writeAll;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.proxy.stream.Timers;
import io.culvert.proxy.testing.Road;
import io.culvert.proxy.testing.TestApp;
import io.culvert.proxy.testing.TestHost;
import io.culvert.proxy.testing.TestMesh;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that were good when they were put aside and are not when they are needed. */
@Timeout(60)
class StaleConnectionsTest {
    private final TestMesh mesh = new TestMesh();
    private final TestApp echo = echo();

    private static TestApp echo() {
        try {
            return TestApp.tcp(TestApp.ECHO);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** As always, but that an answer is waited for 300 ms only. */
    private static ProxySettings impatient() {
        ProxySettings usual = ProxySettings.DEFAULT;
        Timers timers = usual.timers();
        return new ProxySettings(
                usual.connectTimeout(),
                usual.handshakeTimeout(),
                usual.attempts(),
                usual.listenerRetry(),
                usual.idlePerKey(),
                usual.burstPerKey(),
                usual.idleInAll(),
                usual.handshakesPerKey(),
                new Timers(
                        timers.hello(),
                        timers.open(),
                        Duration.ofMillis(300),
                        timers.ready(),
                        timers.resetAnswer(),
                        timers.halfClosed(),
                        timers.life(),
                        timers.idle(),
                        timers.serverIdle(),
                        timers.goAwayGrace()));
    }

    @BeforeEach
    void allow() {
        mesh.intentions().allow("*", "*");
    }

    @AfterEach
    void close() {
        mesh.close();
        echo.close();
    }

    private TestHost caller(ProxySettings settings) throws IOException {
        TestHost app = mesh.host("app", settings);
        await().atMost(10, SECONDS)
                .until(() -> app.proxy().status().listeners().stream()
                        .anyMatch(one -> one.state() == ListenerStatus.State.LISTENING));
        return app;
    }

    /** One call, and with it one connection put aside on each loop that was used. */
    private void call(TestHost app, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (SocketChannel caller = app.call("mysql", echo.port())) {
                writeAll(caller, new byte[] {7});
                assertThat(readExactly(caller, 1)).containsExactly(7);
            }
        }
    }

    private static void awaitIdle(TestHost app) {
        await().atMost(10, SECONDS).until(() -> app.proxy().status().tunnels().active() == 0);
        assertThat(app.proxy().status().tunnels().idle()).isPositive();
    }

    /** The hosts of streams that needed another try. */
    private static List<String> secondTries(TestHost app) {
        return app.streams().ended().stream()
                .filter(one -> one.end().attempts() > 1)
                .map(one -> one.end().host())
                .toList();
    }

    @Test
    void one_that_fell_silent_costs_a_pause_and_no_stream() throws Exception {
        TestHost db = mesh.host("db").serve("mysql", echo);
        try (Road road = new Road(db.tlsAddress())) {
            db.announce(road.port());
            TestHost app = caller(impatient());
            call(app, 4);
            awaitIdle(app);
            road.swallow();
            call(app, 4);
            assertThat(app.proxy().status().tunnels().stale()).isPositive();
            await().atMost(5, SECONDS).until(() -> app.streams().ended().size() == 8);
        }
    }

    @Test
    void one_that_broke_unheard_costs_no_stream() throws Exception {
        TestHost db = mesh.host("db").serve("mysql", echo);
        try (Road road = new Road(db.tlsAddress())) {
            db.announce(road.port());
            TestHost app = caller(ProxySettings.DEFAULT);
            for (int i = 0; i < 20; i++) {
                call(app, 1);
                road.breakOff();
            }
            call(app, 1);
            await().atMost(5, SECONDS).until(() -> app.streams().ended().size() == 21);
        }
    }

    @Test
    void another_instance_is_asked_before_the_one_that_fell_silent() throws Exception {
        TestHost silent = mesh.host("silent").serve("mysql", echo);
        try (Road road = new Road(silent.tlsAddress())) {
            silent.announce(road.port());
            TestHost app = caller(impatient());
            call(app, 4);
            awaitIdle(app);
            mesh.host("db").serve("mysql", echo.endpoint(), echo.port());
            road.swallow();
            for (int i = 0; i < 64 && secondTries(app).isEmpty(); i++) {
                int ended = app.streams().ended().size();
                call(app, 1);
                await().atMost(5, SECONDS).until(() -> app.streams().ended().size() == ended + 1);
            }
            assertThat(secondTries(app)).as("who answered at the second try").containsOnly("db");
        }
    }
}
