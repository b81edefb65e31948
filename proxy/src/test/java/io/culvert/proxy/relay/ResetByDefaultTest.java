package io.culvert.proxy.relay;

import static io.culvert.proxy.testing.Sockets.readAll;
import static io.culvert.proxy.testing.Sockets.readExactly;
import static io.culvert.proxy.testing.Sockets.writeAll;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.TcpEndpoint;
import io.culvert.testbed.kit.Property;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A socket of an application closes in two ways: because its stream has ended, and then it is told so, or because of
 * anything else, such as the end of this process. Here the latter is a plain close, which is what the kernel does.
 */
@Timeout(60)
class ResetByDefaultTest {
    private final Map<Transport, EventLoopGroup> groups = new HashMap<>();
    private final SplittableRandom random = new SplittableRandom();

    @AfterEach
    void end() {
        groups.values().forEach(group -> group.shutdownGracefully(0, 2, SECONDS).awaitUninterruptibly());
    }

    private EventLoopGroup loops(Transport transport) {
        return groups.computeIfAbsent(transport, absent -> absent.loops(1, "reset-by-default"));
    }

    /** A caller and its leg. */
    private record Accepted(SocketChannel caller, AppLeg leg, Hearer hearer) {}

    private Accepted accepted(Transport transport, boolean heard) throws Exception {
        BlockingQueue<AppLeg> legs = new LinkedBlockingQueue<>();
        Hearer hearer = new Hearer(new CompletableFuture<>(), new CompletableFuture<>());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops(transport))
                .channel(transport.tcpListener())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        AppLeg leg = AppLeg.on(channel);
                        leg.listen(hearer);
                        legs.add(leg);
                        if (heard) {
                            channel.eventLoop().execute(leg::start);
                        }
                    }
                });
        SocketOptions.listener(bootstrap, false);
        SocketOptions.caller(bootstrap, transport, false);
        Channel listener =
                bootstrap.bind(new InetSocketAddress("127.0.0.1", 0)).sync().channel();
        SocketChannel caller = SocketChannel.open(listener.localAddress());
        AppLeg leg = legs.poll(10, SECONDS);
        assertThat(leg).as("accepted").isNotNull();
        if (heard) {
            writeAll(caller, new byte[] {1});
            assertThat(hearer.read().get(10, SECONDS)).isTrue();
        }
        return new Accepted(caller, leg, hearer);
    }

    private record Hearer(CompletableFuture<Boolean> read, CompletableFuture<Boolean> end) implements LegListener {
        @Override
        public void data(io.netty.buffer.ByteBuf bytes) {
            bytes.release();
            read.complete(true);
        }

        @Override
        public void ended() {
            end.complete(true);
        }

        @Override
        public void broken() {}

        @Override
        public void closed() {}
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void a_caller_that_was_heard_sees_a_reset(Transport transport) throws Exception {
        Accepted accepted = accepted(transport, true);
        accepted.leg().channel().close().sync();
        assertReset(accepted.caller());
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void a_caller_that_nobody_has_looked_at_sees_a_reset(Transport transport) throws Exception {
        Accepted accepted = accepted(transport, false);
        accepted.leg().channel().close().sync();
        assertReset(accepted.caller());
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void a_caller_whose_loop_ends_sees_a_reset(Transport transport) throws Exception {
        Accepted accepted = accepted(transport, true);
        loops(transport).shutdownGracefully(0, 2, SECONDS).sync();
        assertReset(accepted.caller());
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void an_application_sees_a_reset(Transport transport) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress("127.0.0.1", 0));
            AppLeg leg = dial(transport, listener.getLocalAddress());
            try (SocketChannel application = listener.accept()) {
                onLoop(leg, () -> {
                    leg.write(Unpooled.copiedBuffer(new byte[] {1}));
                    leg.flush();
                });
                readExactly(application, 1);
                leg.channel().close().sync();
                assertReset(application);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void an_orderly_end_comes_behind_everything_written(Transport transport) throws Exception {
        byte[] answer = Property.bytes(random, 3_000_000);
        Accepted accepted = accepted(transport, true);
        onLoop(accepted.leg(), () -> {
            accepted.leg().write(Unpooled.copiedBuffer(answer));
            accepted.leg().closeAfterFlush();
        });
        assertThat(readAll(accepted.caller())).isEqualTo(answer);
        accepted.caller().close();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void a_slow_reader_gets_all_after_both_have_ended(Transport transport) throws Exception {
        byte[] answer = Property.bytes(random, 400_000); // more than it takes unread, less than our kernel holds for it
        Accepted accepted = accepted(transport, true);
        accepted.caller().shutdownOutput();
        assertThat(accepted.hearer().end().get(10, SECONDS)).isTrue();
        onLoop(accepted.leg(), () -> {
            accepted.leg().write(Unpooled.copiedBuffer(answer));
            accepted.leg().endOutput();
            accepted.leg().closeAfterFlush();
        });
        accepted.leg().channel().closeFuture().await(10, SECONDS);
        assertThat(readAll(accepted.caller())).isEqualTo(answer);
        accepted.caller().close();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void an_end_said_before_stays_one(Transport transport) throws Exception {
        Accepted accepted = accepted(transport, true);
        onLoop(accepted.leg(), accepted.leg()::endOutput);
        assertThat(readAll(accepted.caller())).isEmpty();
        accepted.leg().channel().close().sync();
        assertThat(readAll(accepted.caller())).isEmpty();
        accepted.caller().close();
    }

    private AppLeg dial(Transport transport, SocketAddress address) throws Exception {
        EventLoop loop = loops(transport).next();
        CompletableFuture<AppLeg> dialed = new CompletableFuture<>();
        Dialer dialer = new Dialer(transport, Runnable::run, any -> false);
        TcpEndpoint endpoint = new TcpEndpoint("127.0.0.1", ((InetSocketAddress) address).getPort());
        loop.execute(() -> dialer.dial(loop, endpoint, Duration.ofSeconds(5), new Dialer.Outcome() {
            @Override
            public void connected(AppLeg leg) {
                dialed.complete(leg);
            }

            @Override
            public void failed(Dialer.Failure failure, String message) {
                dialed.completeExceptionally(new IOException(message));
            }
        }));
        return dialed.get(10, SECONDS);
    }

    private static void onLoop(AppLeg leg, Runnable task) throws Exception {
        leg.channel().eventLoop().submit(task).sync();
    }

    private static void assertReset(SocketChannel channel) throws IOException {
        assertThatThrownBy(() -> readAll(channel))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
        channel.close();
    }
}
