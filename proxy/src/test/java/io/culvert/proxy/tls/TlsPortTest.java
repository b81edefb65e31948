package io.culvert.proxy.tls;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.culvert.catalog.clock.SystemClocks;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.proxy.relay.Transport;
import io.culvert.proxy.testing.Sockets;
import io.culvert.proxy.testing.TestAuthority;
import io.culvert.testbed.kit.Property;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class TlsPortTest {
    private final Transport transport = Transport.best();
    private final EventLoopGroup loops = transport.loops(2, "tls-test");
    private final TestAuthority authority = new TestAuthority("test.culvert");
    private final TlsContexts contexts = new TlsContexts(() -> TestAuthority.NOW);
    private final Strangers strangers = new Strangers(SystemClocks.MONOTONIC);
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicInteger letIn = new AtomicInteger();
    private final List<TlsPeer> peers = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final WorkloadCertificate mysql = authority.issue(authority.service("mysql"));
    private final String label = ServerNames.label(authority.service("mysql"));
    private TlsPort port = new TlsPort(
            new TlsPortSettings(new InetSocketAddress("127.0.0.1", 0), Duration.ofMillis(700), 8, 4),
            transport,
            loops,
            strangers);
    private InetSocketAddress address = new InetSocketAddress(0);
    private RotatingContext rotating = new RotatingContext(mutual(mysql, authority.bundle()));

    private SslContext mutual(WorkloadCertificate own, TrustBundle bundle) {
        try {
            return contexts.mutualServer(own, bundle, TlsProtocol.STREAMS);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void open() throws IOException {
        address = port.start();
        port.register(label, new TlsProtocol(rotating, TlsProtocol.STREAMS, channel -> {
            letIn.incrementAndGet();
            open.add(channel);
            try {
                peers.add(TlsPeer.of(channel));
            } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
                throw new AssertionError(e);
            }
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ctx.writeAndFlush(message, ctx.voidPromise());
                }
            });
        }));
    }

    @AfterEach
    void close() {
        port.close();
        open.close().awaitUninterruptibly();
        rotating.close();
        loops.shutdownGracefully(0, 2, SECONDS).awaitUninterruptibly();
    }

    /** Handshakes and waits for one echoed byte: only that proves that the server has accepted us. */
    private CompletableFuture<TlsPeer> connect(SslContext context, String serverName) {
        CompletableFuture<TlsPeer> result = new CompletableFuture<>();
        new Bootstrap()
                .group(loops)
                .channel(transport.tcp())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SslHandler tls = context.newHandler(channel.alloc(), serverName, 8443);
                        channel.pipeline().addLast(tls, new ChannelInboundHandlerAdapter() {
                            @Override
                            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                                if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                                    ctx.writeAndFlush(Unpooled.copiedBuffer(new byte[] {1}), ctx.voidPromise());
                                } else if (event instanceof SslHandshakeCompletionEvent failed) {
                                    result.completeExceptionally(failed.cause());
                                }
                            }

                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
                                ReferenceCountUtil.release(message);
                                result.complete(TlsPeer.of(ctx.channel()));
                                ctx.close();
                            }

                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                result.completeExceptionally(cause);
                            }

                            @Override
                            public void channelInactive(ChannelHandlerContext ctx) {
                                result.completeExceptionally(new IOException("closed"));
                            }
                        });
                    }
                })
                .connect(address)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        result.completeExceptionally(connected.cause());
                    }
                });
        return result.whenComplete((peer, failure) -> ReferenceCountUtil.release(context));
    }

    private SslContext client(WorkloadCertificate own, TrustBundle bundle) throws IOException {
        return contexts.mutualClient(own, bundle, TlsProtocol.STREAMS);
    }

    private void assertRefused(CompletableFuture<TlsPeer> attempt, StrangerReason reason) {
        assertThat(attempt).failsWithin(10, SECONDS);
        await().atMost(5, SECONDS).until(() -> strangers.counts().getOrDefault(reason, 0L) == 1L);
        assertThat(letIn).hasValue(0);
        await().atMost(5, SECONDS).until(() -> port.handshakesUnderWay() == 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL_REFCNT"})
    void a_member_of_the_mesh_is_let_in_with_either_engine(SslProvider provider) throws Exception {
        assertThat(OpenSsl.isAvailable()).isTrue();
        TlsContexts engine = new TlsContexts(() -> TestAuthority.NOW, provider);
        rotating.swap(engine.mutualServer(mysql, authority.bundle(), TlsProtocol.STREAMS));
        WorkloadCertificate shop = authority.issue(authority.service("shop"));
        TlsPeer server = connect(
                        engine.mutualClient(shop, authority.bundle(), TlsProtocol.STREAMS),
                        ServerNames.serverName(label))
                .get(10, SECONDS);
        assertThat(server.id()).isEqualTo(authority.service("mysql"));
        assertThat(peers).hasSize(1);
        assertThat(peers.get(0).id()).isEqualTo(authority.service("shop"));
        assertThat(peers.get(0).notAfter()).isEqualTo(shop.notAfter());
    }

    @Test
    void a_certificate_of_another_authority_is_refused() throws Exception {
        TestAuthority other = new TestAuthority("test.culvert");
        assertRefused(
                connect(client(other.issue(other.service("shop")), authority.bundle()), ServerNames.serverName(label)),
                StrangerReason.UNTRUSTED);
    }

    @Test
    void an_expired_certificate_is_refused() throws Exception {
        WorkloadCertificate old =
                authority.issue(authority.service("shop"), TestAuthority.NOW.minus(Duration.ofDays(5)));
        assertRefused(connect(client(old, authority.bundle()), ServerNames.serverName(label)), StrangerReason.EXPIRED);
    }

    @Test
    void a_certificate_of_tomorrow_is_refused() throws Exception {
        WorkloadCertificate early =
                authority.issue(authority.service("shop"), TestAuthority.NOW.plus(Duration.ofDays(1)));
        assertRefused(
                connect(client(early, authority.bundle()), ServerNames.serverName(label)),
                StrangerReason.NOT_YET_VALID);
    }

    @Test
    void nobody_gets_in_without_a_certificate() throws Exception {
        SslContext nameless = io.netty.handler.ssl.SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .trustManager(new PeerTrustManager(authority.bundle(), () -> TestAuthority.NOW))
                .endpointIdentificationAlgorithm(null)
                .build();
        assertRefused(connect(nameless, ServerNames.serverName(label)), StrangerReason.NO_CERTIFICATE);
    }

    @Test
    void an_unknown_server_name_gets_no_certificate_to_see() throws Exception {
        assertRefused(
                connect(
                        client(authority.issue(authority.service("shop")), authority.bundle()),
                        ServerNames.serverName(ServerNames.label(authority.service("postgres")))),
                StrangerReason.UNKNOWN_SERVER_NAME);
    }

    @Test
    void no_server_name_is_refused() throws Exception {
        assertRefused(
                connect(client(authority.issue(authority.service("shop")), authority.bundle()), "10.0.0.1"),
                StrangerReason.NO_SERVER_NAME);
    }

    @Test
    void another_application_protocol_is_refused() throws Exception {
        WorkloadCertificate shop = authority.issue(authority.service("shop"));
        assertRefused(
                connect(contexts.mutualClient(shop, authority.bundle(), "h2"), ServerNames.serverName(label)),
                StrangerReason.WRONG_PROTOCOL);
    }

    @Test
    void silence_is_closed_in_time() throws Exception {
        try (SocketChannel silent = SocketChannel.open(address)) {
            assertThat(Sockets.readAll(silent)).isEmpty();
        }
        assertThat(strangers.counts().get(StrangerReason.TIMED_OUT)).isEqualTo(1);
    }

    @Test
    void random_bytes_are_closed_and_counted() throws Exception {
        SplittableRandom random = new SplittableRandom();
        for (int i = 0; i < 60; i++) {
            try (SocketChannel garbage = SocketChannel.open(address)) {
                byte[] bytes = Property.bytes(random, 1 + random.nextInt(3_000));
                if (i % 3 == 0) {
                    bytes[0] = 0x16; // looks like a handshake
                }
                try {
                    Sockets.writeAll(garbage, bytes);
                    garbage.shutdownOutput();
                    Sockets.readAll(garbage);
                } catch (IOException closedOnUs) {
                    assertThat(closedOnUs).hasMessageMatching("(?i).*(reset|broken pipe).*");
                }
            }
        }
        await().atMost(5, SECONDS)
                .until(() -> strangers.counts().values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        == 60);
        assertThat(letIn).hasValue(0);
        assertThat(port.handshakesUnderWay()).isZero();
    }

    @Test
    void what_is_no_tls_is_called_so_and_not_a_hello_without_a_name() throws Exception {
        for (int type : new int[] {'G', 0, 19, 25}) {
            try (SocketChannel stranger = SocketChannel.open(address)) {
                Sockets.writeAll(stranger, new byte[] {(byte) type, 3, 1, 0, 4, 1, 2, 3, 4});
                assertThat(Sockets.readAll(stranger)).isEmpty();
            }
        }
        assertThat(strangers.counts())
                .containsEntry(StrangerReason.NOT_TLS, 4L)
                .containsEntry(StrangerReason.NO_SERVER_NAME, 0L);
    }

    @Test
    void one_address_cannot_hold_all_handshakes() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            silent.add(SocketChannel.open(address));
        }
        await().atMost(5, SECONDS)
                .until(() -> strangers.counts().getOrDefault(StrangerReason.TOO_MANY_HANDSHAKES, 0L) == 6L);
        assertThat(port.handshakesUnderWay()).isLessThanOrEqualTo(4);
        for (SocketChannel one : silent) {
            one.close();
        }
        await().atMost(5, SECONDS).until(() -> port.handshakesUnderWay() == 0);
        connect(client(authority.issue(authority.service("shop")), authority.bundle()), ServerNames.serverName(label))
                .get(10, SECONDS);
        assertThat(letIn).hasValue(1);
    }

    @Test
    void a_joining_host_knows_the_server_by_the_roots_fingerprint_only() throws Exception {
        RotatingContext join = new RotatingContext(contexts.joinServer(
                authority.issue(authority.agent("server")), authority.bundle(), TlsProtocol.REQUESTS));
        CompletableFuture<Channel> joined = new CompletableFuture<>();
        port.register(ServerNames.JOIN, new TlsProtocol(join, TlsProtocol.REQUESTS, channel -> {
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ctx.writeAndFlush(message, ctx.voidPromise());
                }
            });
            open.add(channel);
            joined.complete(channel);
        }));
        TlsPeer server = connect(
                        contexts.pinnedClient(authority.bundle().fingerprint(), TlsProtocol.REQUESTS),
                        ServerNames.serverName(ServerNames.JOIN))
                .get(10, SECONDS);
        assertThat(server.id()).isEqualTo(authority.agent("server"));
        assertThatThrownBy(() -> TlsPeer.of(joined.get(5, SECONDS)))
                .isInstanceOf(javax.net.ssl.SSLPeerUnverifiedException.class);
        CompletableFuture<TlsPeer> elsewhere = connect(
                contexts.pinnedClient(new TestAuthority("test.culvert").bundle().fingerprint(), TlsProtocol.REQUESTS),
                ServerNames.serverName(ServerNames.JOIN));
        assertThat(elsewhere).failsWithin(10, SECONDS);
        join.close();
    }

    @Test
    void no_connection_ever_resumes_an_earlier_one() throws Exception {
        AtomicInteger serverChecks = new AtomicInteger();
        AtomicInteger clientChecks = new AtomicInteger();
        WorkloadCertificate shop = authority.issue(authority.service("shop"));
        rotating.swap(new TlsContexts(() -> {
                    serverChecks.incrementAndGet();
                    return TestAuthority.NOW;
                })
                .mutualServer(mysql, authority.bundle(), TlsProtocol.STREAMS));
        SslContext client = new TlsContexts(() -> {
                    clientChecks.incrementAndGet();
                    return TestAuthority.NOW;
                })
                .mutualClient(shop, authority.bundle(), TlsProtocol.STREAMS);
        for (int i = 1; i <= 4; i++) {
            ((ReferenceCounted) client).retain();
            connect(client, ServerNames.serverName(label)).get(10, SECONDS);
            assertThat(clientChecks).hasValue(i);
            assertThat(serverChecks).hasValue(i);
        }
        ReferenceCountUtil.release(client);
    }

    @Test
    void every_context_is_released_after_a_thousand_rotations() throws Exception {
        List<SslContext> all = new ArrayList<>();
        WorkloadCertificate shop = authority.issue(authority.service("shop"));
        for (int i = 0; i < 1_000; i++) {
            SslContext next = mutual(mysql, authority.bundle());
            all.add(next);
            rotating.swap(next);
            if (i % 100 == 0) {
                connect(client(shop, authority.bundle()), ServerNames.serverName(label))
                        .get(10, SECONDS);
            }
        }
        rotating.close();
        await().atMost(10, SECONDS)
                .until(() -> all.stream().allMatch(context -> ReferenceCountUtil.refCnt(context) == 0));
        assertThat(letIn).hasValue(10);
    }

    @Test
    void after_it_is_closed_a_context_gives_no_handlers_and_keeps_nothing() {
        rotating.close();
        SslContext late = mutual(mysql, authority.bundle());
        rotating.swap(late);
        assertThat(ReferenceCountUtil.refCnt(late)).isZero();
        assertThat(rotating.newHandler(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT))
                .isEmpty();
    }

    @Test
    void a_server_name_is_registered_once() {
        assertThatThrownBy(() -> port.register(label, new TlsProtocol(rotating, TlsProtocol.STREAMS, Channel::close)))
                .hasMessageContaining("registered already");
    }

    @Test
    void a_port_in_use_is_named_with_the_way_out() throws Exception {
        TlsPort second = new TlsPort(TlsPortSettings.at(address), transport, loops, strangers);
        assertThatThrownBy(second::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be opened")
                .hasMessageContaining("ss -ltnp");
    }
}
