package io.culvert.agent.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.culvert.agent.rpc.wire.RpcError;
import io.culvert.identity.SpiffeId;
import io.culvert.proxy.tls.ServerNames;
import io.culvert.proxy.tls.TlsProtocol;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RpcLoopbackTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final LoopbackMesh mesh = new LoopbackMesh("ours.culvert");
    private final CountDownLatch forEver = new CountDownLatch(1);
    private final List<CompletableFuture<Said>> waiting = new ArrayList<>();
    private final AtomicInteger told = new AtomicInteger();

    record Say(String text, int repeat) {}

    record Said(String text, String by) {}

    @AfterEach
    void close() throws Exception {
        forEver.countDown();
        mesh.close();
    }

    private RpcMethods methods() {
        return new RpcMethods()
                .register("say", Say.class, (say, peer) -> {
                    told.incrementAndGet();
                    String by = peer.id().map(SpiffeId::intentionSource).orElse("stranger");
                    return CompletableFuture.completedFuture(new Said(say.text().repeat(say.repeat()), by));
                })
                .register("refuse", Say.class, (say, peer) -> {
                    throw RpcFailure.refused("'" + say.text() + "' is refused here");
                })
                .register("break", Say.class, (say, peer) -> {
                    throw new IllegalStateException("secret details");
                })
                .register("wait", Say.class, (say, peer) -> {
                    CompletableFuture<Said> never = new CompletableFuture<>();
                    synchronized (waiting) {
                        waiting.add(never);
                    }
                    return never;
                });
    }

    private RpcQuestion<Said> say(String text) {
        return new RpcQuestion<>("say", new Say(text, 1), Said.class, true, LONG);
    }

    private RpcQuestion<Said> ask(String method, Duration timeout) {
        return new RpcQuestion<>(method, new Say("x", 1), Said.class, true, timeout);
    }

    @Test
    void the_server_answers_and_knows_who_asked() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        RpcServer server = mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        for (int i = 0; i < 50; i++) {
            assertThat(client.ask(say("hello")).get(20, TimeUnit.SECONDS)).isEqualTo(new Said("hello", "host/a1"));
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void many_questions_share_a_connection_and_get_their_own_answers() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        RpcServer server = mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        List<CompletableFuture<Said>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            answers.add(client.ask(say("q" + i)));
        }
        for (int i = 0; i < 60; i++) {
            assertThat(answers.get(i).get(20, TimeUnit.SECONDS).text()).isEqualTo("q" + i);
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void an_answer_near_the_limit_arrives_and_one_beyond_is_an_error_of_the_server() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        RpcQuestion<Said> big = new RpcQuestion<>("say", new Say("x", 1_048_500), Said.class, true, LONG);
        assertThat(client.ask(big).get(20, TimeUnit.SECONDS).text()).hasSize(1_048_500);
        RpcQuestion<Said> bigger = new RpcQuestion<>("say", new Say("x", 1_048_576), Said.class, true, LONG);
        assertThat(failure(client.ask(bigger)).error()).isEqualTo(RpcError.INTERNAL);
        assertThat(client.ask(say("still there")).get(20, TimeUnit.SECONDS).text())
                .isEqualTo("still there");
    }

    @Test
    void each_kind_of_failure_is_told_for_what_it_is() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        RpcFailure refused = failure(client.ask(ask("refuse", LONG)));
        assertThat(refused.error()).isEqualTo(RpcError.REFUSED);
        assertThat(refused).hasMessage("'x' is refused here");
        RpcFailure broken = failure(client.ask(ask("break", LONG)));
        assertThat(broken.error()).isEqualTo(RpcError.INTERNAL);
        assertThat(broken.getMessage()).doesNotContain("secret");
        assertThat(failure(client.ask(ask("nothing", LONG))).error()).isEqualTo(RpcError.UNKNOWN_METHOD);
        RpcQuestion<Said> malformed = new RpcQuestion<>("say", new Said("not", "a question"), Said.class, true, LONG);
        assertThat(failure(client.ask(malformed)).error()).isEqualTo(RpcError.BAD_REQUEST);
    }

    @Test
    void a_question_without_an_answer_ends_when_its_time_is_up_and_the_work_is_cancelled() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        assertThat(client.ask(say("first")).get(20, TimeUnit.SECONDS).text()).isEqualTo("first"); // now connected
        CompletableFuture<Said> answer = client.ask(ask("wait", Duration.ofSeconds(3)));
        await().until(() -> firstWaiting() != null);
        assertThat(failure(answer).error()).isEqualTo(RpcError.TIMED_OUT);
        await().until(() ->
                firstWaiting() != null && Objects.requireNonNull(firstWaiting()).isCancelled());
        assertThat(client.ask(say("again")).get(20, TimeUnit.SECONDS).text()).isEqualTo("again");
    }

    @Test
    void cancelling_a_question_cancels_the_work_for_it() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        CompletableFuture<Said> answer = client.ask(ask("wait", LONG));
        await().until(() -> firstWaiting() != null);
        answer.cancel(false);
        await().until(() -> Objects.requireNonNull(firstWaiting()).isCancelled());
    }

    @Test
    void a_caller_that_vanishes_cancels_the_work_for_it() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        CompletableFuture<Said> answer = client.ask(ask("wait", LONG));
        await().until(() -> firstWaiting() != null);
        client.close();
        await().until(() -> Objects.requireNonNull(firstWaiting()).isCancelled());
        assertThat(failure(answer).error()).isIn(RpcError.CONNECTION_LOST, RpcError.UNAVAILABLE);
        assertThat(failure(client.ask(say("x"))).error()).isEqualTo(RpcError.UNAVAILABLE);
    }

    @Test
    void more_questions_than_a_connection_may_have_open_are_refused_and_the_others_live() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        RpcLimits two = new RpcLimits(10_000, 2, 10, LONG, LONG);
        mesh.serve(port, "s1", methods(), two);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        CompletableFuture<Said> first = client.ask(ask("wait", LONG));
        CompletableFuture<Said> second = client.ask(ask("wait", LONG));
        await().until(() -> {
            synchronized (waiting) {
                return waiting.size() == 2;
            }
        });
        assertThat(failure(client.ask(say("x"))).error()).isEqualTo(RpcError.OVERLOADED);
        synchronized (waiting) {
            waiting.forEach(one -> one.complete(new Said("done", "")));
        }
        assertThat(first.get(20, TimeUnit.SECONDS).text()).isEqualTo("done");
        assertThat(second.get(20, TimeUnit.SECONDS).text()).isEqualTo("done");
    }

    @Test
    void the_next_server_is_asked_when_the_first_cannot_be_reached() throws Exception {
        LoopbackMesh.Port dead = mesh.port();
        dead.port().close();
        LoopbackMesh.Port live = mesh.port();
        mesh.serve(live, "s2", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(dead, "s1"), mesh.target(live, "s2"));
        assertThat(client.ask(say("hello")).get(20, TimeUnit.SECONDS).text()).isEqualTo("hello");
    }

    @Test
    void a_server_that_comes_back_is_asked_on_a_new_connection() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        RpcServer server = mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        assertThat(client.ask(say("one")).get(20, TimeUnit.SECONDS).text()).isEqualTo("one");
        mesh.stop(port, server);
        RpcServer successor = mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        assertThat(client.ask(say("two")).get(20, TimeUnit.SECONDS).text()).isEqualTo("two");
        client.retireConnections();
        assertThat(client.ask(say("three")).get(20, TimeUnit.SECONDS).text()).isEqualTo("three");
        await().untilAsserted(() -> assertThat(successor.connections()).isEqualTo(1));
    }

    @Test
    void connections_that_have_ended_are_forgotten() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        RpcServer server = mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"));
        assertThat(client.ask(List.of(mesh.target(port, "s1")), say("one"))
                        .get(20, TimeUnit.SECONDS)
                        .text())
                .isEqualTo("one");
        assertThat(client.kept()).isEqualTo(1);

        mesh.stop(port, server);

        await().untilAsserted(() -> assertThat(client.kept()).isZero());
    }

    @Test
    void what_may_not_be_done_twice_is_not_asked_twice() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        RpcServer server = mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        RpcQuestion<Said> once = new RpcQuestion<>("wait", new Say("x", 1), Said.class, false, LONG);
        CompletableFuture<Said> answer = client.ask(once);
        await().until(() -> firstWaiting() != null);
        server.close();
        assertThat(failure(answer).error()).isEqualTo(RpcError.CONNECTION_LOST);
        synchronized (waiting) {
            assertThat(waiting).hasSize(1);
        }
    }

    @Test
    void another_agent_in_the_servers_place_is_not_asked() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        mesh.serve(port, "impostor", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        RpcFailure failure = failure(client.ask(say("secret")));
        assertThat(failure.error()).isEqualTo(RpcError.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("id/impostor").hasMessageContaining("id/s1");
        assertThat(told).hasValue(0);
    }

    @Test
    void a_service_is_no_agent_and_gets_no_answers() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        RpcServer server = mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        RpcClient client = mesh.client(mesh.service("web"), mesh.target(port, "s1"));
        assertThat(failure(client.ask(say("x"))).error()).isIn(RpcError.UNAVAILABLE, RpcError.CONNECTION_LOST);
        assertThat(server.turnedAway()).isPositive();
        assertThat(told).hasValue(0);
    }

    @Test
    void an_agent_of_another_mesh_gets_no_answers() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        try (LoopbackMesh others = new LoopbackMesh("ours.culvert")) {
            RpcClient client = others.client(others.agent("a1"), mesh.target(port, "s1"));
            assertThat(failure(client.ask(say("x"))).error()).isEqualTo(RpcError.UNAVAILABLE);
        }
        assertThat(told).hasValue(0);
    }

    @Test
    void more_connections_than_allowed_are_closed_and_counted() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        RpcServer server = mesh.serve(port, "s1", methods(), new RpcLimits(10_000, 2, 1, LONG, LONG));
        RpcClient first = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        assertThat(first.ask(say("x")).get(20, TimeUnit.SECONDS).text()).isEqualTo("x");
        RpcClient second = mesh.client(mesh.agent("a2"), mesh.target(port, "s1"));
        assertThat(failure(second.ask(say("x"))).error()).isIn(RpcError.UNAVAILABLE, RpcError.CONNECTION_LOST);
        assertThat(server.turnedAway()).isPositive();
        assertThat(first.ask(say("y")).get(20, TimeUnit.SECONDS).text()).isEqualTo("y");
    }

    @Test
    void a_connection_without_questions_is_closed_by_the_server() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        RpcServer server = mesh.serve(port, "s1", methods(), new RpcLimits(10_000, 2, 1, LONG, Duration.ofMillis(100)));
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        assertThat(client.ask(say("x")).get(20, TimeUnit.SECONDS).text()).isEqualTo("x");
        await().untilAsserted(() -> assertThat(server.connections()).isZero());
    }

    @Test
    void bytes_that_are_no_frames_end_the_connection_and_nothing_else() throws Exception {
        LoopbackMesh.Port port = mesh.port();
        RpcServer server = mesh.serve(port, "s1", methods(), RpcLimits.MEMBERS);
        SslContext tls = mesh.contexts.mutualClient(
                mesh.certificate(mesh.agent("a1")), mesh.authority.bundle(), TlsProtocol.REQUESTS);
        try {
            for (String garbage :
                    List.of("GET / HTTP/1.1\r\n\r\n", "\0\0\0\5\2\0\0\0\1", "\0\0\0\4....", "\0\0\0\5\4\0\0\0\0")) {
                Channel channel = connect(tls, port);
                channel.writeAndFlush(Unpooled.copiedBuffer(garbage, java.nio.charset.StandardCharsets.ISO_8859_1))
                        .sync();
                assertThat(channel.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            ReferenceCountUtil.release(tls);
        }
        RpcClient client = mesh.client(mesh.agent("a1"), mesh.target(port, "s1"));
        assertThat(client.ask(say("alive")).get(20, TimeUnit.SECONDS).text()).isEqualTo("alive");
        await().untilAsserted(() -> assertThat(server.connections()).isEqualTo(1));
    }

    private Channel connect(SslContext tls, LoopbackMesh.Port port) throws InterruptedException {
        Channel channel = new Bootstrap()
                .group(mesh.loops)
                .channel(mesh.transport.tcp())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        fresh.pipeline()
                                .addLast(tls.newHandler(
                                        fresh.alloc(), ServerNames.serverName(ServerNames.AGENT), port.number()));
                    }
                })
                .connect(InetAddress.getLoopbackAddress(), port.number())
                .sync()
                .channel();
        channel.pipeline().get(SslHandler.class).handshakeFuture().sync();
        return channel;
    }

    private @Nullable CompletableFuture<Said> firstWaiting() {
        synchronized (waiting) {
            return waiting.isEmpty() ? null : waiting.get(0);
        }
    }

    private static RpcFailure failure(CompletableFuture<?> answer) {
        Throwable thrown = catchThrowable(() -> answer.get(20, TimeUnit.SECONDS));
        RpcFailure failure = RpcFailure.in(thrown);
        assertThat(failure).as("an RpcFailure in " + thrown).isNotNull();
        return Objects.requireNonNull(failure);
    }
}
