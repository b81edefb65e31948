package io.culvert.proxy.tunnel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.identity.SpiffeId;
import io.culvert.proxy.CloseReason;
import io.culvert.proxy.frame.AppTransport;
import io.culvert.proxy.frame.Fin;
import io.culvert.proxy.frame.Frame;
import io.culvert.proxy.frame.FrameDecoder;
import io.culvert.proxy.frame.FrameEncoder;
import io.culvert.proxy.frame.FrameFault;
import io.culvert.proxy.frame.FrameSink;
import io.culvert.proxy.frame.Hello;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.frame.Limits;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.frame.Opened;
import io.culvert.proxy.frame.RefusalCode;
import io.culvert.proxy.frame.Refused;
import io.culvert.proxy.relay.Transport;
import io.culvert.proxy.testing.TestApp;
import io.culvert.proxy.testing.TestAuthority;
import io.culvert.proxy.testing.TestHost;
import io.culvert.proxy.testing.TestMesh;
import io.culvert.proxy.tls.ServerNames;
import io.culvert.proxy.tls.StrangerReason;
import io.culvert.proxy.tls.TlsContexts;
import io.culvert.proxy.tls.TlsProtocol;
import io.culvert.testbed.kit.Property;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A member of the mesh with a good certificate that does not keep to the rules: it gets nothing, and hurts nobody. */
@Timeout(60)
class MisbehavingPeerTest {
    private static final Hello HELLO = new Hello(1, 0, 1, Limits.DATA, 0, 0, 0, new Id128(1, 2));

    private final TestMesh mesh = new TestMesh();
    private final TestApp echo = echo();
    private final TestHost host = host();
    private final EventLoopGroup loops = Transport.best().loops(1, "peer");

    private static TestApp echo() {
        try {
            return TestApp.tcp(TestApp.ECHO);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private TestHost host() {
        try {
            mesh.intentions().allow("shop", "mysql");
            return mesh.host("db").serve("mysql", echo).serve("other", echo.endpoint(), 1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        mesh.close();
        echo.close();
        loops.shutdownGracefully(0, 2, SECONDS).awaitUninterruptibly();
    }

    /** A connection whose handshake is complete. */
    private final class Peer extends ChannelInboundHandlerAdapter implements FrameSink {
        final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        final CompletableFuture<Channel> ready = new CompletableFuture<>();
        final CompletableFuture<Boolean> closed = new CompletableFuture<>();
        final FrameDecoder decoder = new FrameDecoder(this);

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                ready.complete(ctx.channel());
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            decoder.feed((ByteBuf) message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            closed.complete(true);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        @Override
        public void frame(Frame frame) {
            frames.add(frame);
        }

        @Override
        public void data(int ordinal, ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void fault(FrameFault fault, String detail) {
            closed.completeExceptionally(new IOException(fault + " " + detail));
        }

        Peer send(Frame... sent) throws Exception {
            Channel channel = ready.get(10, SECONDS);
            for (Frame frame : sent) {
                channel.writeAndFlush(FrameEncoder.encode(channel.alloc(), frame), channel.voidPromise());
            }
            return this;
        }

        Frame next() throws Exception {
            Frame frame = frames.poll(10, SECONDS);
            if (frame == null) {
                throw new AssertionError("no frame came");
            }
            return frame;
        }
    }

    private Peer connect(SpiffeId as, String toService) throws Exception {
        SslContext context = new TlsContexts(() -> TestAuthority.NOW)
                .mutualClient(mesh.authority().issue(as), mesh.authority().bundle(), TlsProtocol.STREAMS);
        Peer peer = new Peer();
        String name = ServerNames.serverName(ServerNames.label(mesh.authority().service(toService)));
        new Bootstrap()
                .group(loops)
                .channel(Transport.best().tcp())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(context.newHandler(channel.alloc(), name, 8443), peer);
                    }
                })
                .connect(host.tlsAddress())
                .await();
        peer.ready.get(10, SECONDS);
        ReferenceCountUtil.release(context);
        return peer;
    }

    private Peer shop() throws Exception {
        return connect(mesh.authority().service("shop"), "mysql");
    }

    private static Open open(int ordinal, String target) {
        return new Open(ordinal, AppTransport.TCP, 0, Optional.empty(), target, "", "", new Id128(0, 0), 0, "");
    }

    private void assertBrokenOff(Peer peer) {
        assertThat(peer.closed).succeedsWithin(10, SECONDS);
        await().atMost(5, SECONDS)
                .until(() -> host.port().strangers().counts().getOrDefault(StrangerReason.PROTOCOL_BROKEN, 0L) == 1L);
    }

    @Test
    void the_honest_one_is_let_in() throws Exception {
        Peer peer = shop().send(HELLO, open(1, "mysql"));
        assertThat(peer.next()).isInstanceOf(Hello.class);
        assertThat(peer.next()).isInstanceOf(Opened.class);
    }

    @Test
    void open_for_another_service_than_the_connection_is_refused_and_never_dialled() throws Exception {
        mesh.intentions().allow("shop", "other");
        Peer peer = shop().send(HELLO, open(1, "other"));
        assertThat(peer.next()).isInstanceOf(Hello.class);
        assertThat(((Refused) peer.next()).code()).isEqualTo(RefusalCode.BAD_FRAME);
        assertThat(echo.accepts()).isZero();
        assertThat(host.port().strangers().counts()).containsEntry(StrangerReason.PROTOCOL_BROKEN, 1L);
    }

    @Test
    void who_is_denied_never_reaches_the_application_however_often_it_asks() throws Exception {
        Peer peer = connect(mesh.authority().service("stranger"), "mysql").send(HELLO);
        assertThat(peer.next()).isInstanceOf(Hello.class);
        for (int i = 1; i <= 1_000; i++) {
            peer.send(open(i, "mysql"));
            Refused refused = (Refused) peer.next();
            assertThat(refused.code()).isEqualTo(RefusalCode.NOT_AUTHORIZED);
            assertThat(peer.next()).isInstanceOf(io.culvert.proxy.frame.Ready.class);
        }
        assertThat(echo.accepts()).isZero();
        await().atMost(5, SECONDS).until(() -> host.streams().ended().size() == 1_000);
        assertThat(host.streams().reasons()).containsOnly(CloseReason.DENIED);
        assertThat(host.port().strangers().counts()).containsEntry(StrangerReason.DENIED, 1L);
    }

    @Test
    void an_instance_that_is_not_here_is_refused_for_another_try() throws Exception {
        Open elsewhere =
                new Open(1, AppTransport.TCP, 0, Optional.empty(), "mysql", "none", "", new Id128(0, 0), 0, "");
        Peer peer = shop().send(HELLO, elsewhere);
        assertThat(peer.next()).isInstanceOf(Hello.class);
        Refused refused = (Refused) peer.next();
        assertThat(refused.code()).isEqualTo(RefusalCode.UNKNOWN_INSTANCE);
        assertThat(refused.retryable()).isEqualTo(Refused.Retry.OTHER_INSTANCE);
    }

    @Test
    void open_before_hello_is_broken_off() throws Exception {
        assertBrokenOff(shop().send(open(1, "mysql")));
        assertThat(echo.accepts()).isZero();
    }

    @Test
    void a_wrong_ordinal_is_broken_off() throws Exception {
        assertBrokenOff(shop().send(HELLO, open(2, "mysql")));
        assertThat(echo.accepts()).isZero();
    }

    @Test
    void a_wrong_count_is_broken_off_and_the_application_sees_no_end() throws Exception {
        Peer peer = shop().send(HELLO, open(1, "mysql"));
        await().atMost(5, SECONDS).until(() -> peer.frames.size() == 2);
        assertBrokenOff(peer.send(new Fin(1, 99)));
        await().atMost(5, SECONDS)
                .until(() -> host.streams().reasons().equals(java.util.List.of(CloseReason.PROTOCOL)));
    }

    @Test
    void random_bytes_after_the_handshake_are_broken_off() throws Exception {
        SplittableRandom random = new SplittableRandom();
        for (int i = 0; i < 20; i++) {
            Peer peer = shop();
            byte[] bytes = Property.bytes(random, Limits.HEADER + random.nextInt(5_000));
            bytes[0] |= (byte) 0x40; // no type that exists
            Channel channel = peer.ready.get();
            channel.writeAndFlush(Unpooled.wrappedBuffer(bytes), channel.voidPromise());
            assertThat(peer.closed).succeedsWithin(10, SECONDS);
        }
        await().atMost(5, SECONDS)
                .until(() -> host.port().strangers().counts().getOrDefault(StrangerReason.PROTOCOL_BROKEN, 0L) == 20L);
        assertThat(echo.accepts()).isZero();
    }

    @Test
    void silence_after_the_handshake_is_closed_in_time() throws Exception {
        assertThat(shop().closed).succeedsWithin(6, SECONDS);
    }

    @Test
    void a_tunnel_that_dies_is_a_reset_for_the_application() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        try (TestApp app = TestApp.tcp(caller -> {
            try {
                io.culvert.proxy.testing.Sockets.readAll(caller);
                heard.complete("end");
            } catch (IOException e) {
                heard.complete("reset");
            }
        })) {
            mesh.intentions().allow("shop", "listener");
            host.serve("listener", app);
            Peer peer = connect(mesh.authority().service("shop"), "listener").send(HELLO, open(1, "listener"));
            await().atMost(5, SECONDS).until(() -> peer.frames.size() == 2);
            peer.ready.get().close();
            assertThat(heard.get(10, SECONDS)).isEqualTo("reset");
            await().atMost(5, SECONDS).until(() -> host.streams().reasons().contains(CloseReason.TUNNEL_LOST));
        }
    }
}
