package io.culvert.health.probe;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A gRPC server of one method that answers as it is told. */
final class GrpcServer implements AutoCloseable {
    /** Headers of the calls, and their bodies in hexadecimal digits. */
    final List<Http2Headers> calls = new CopyOnWriteArrayList<>();

    final List<String> bodies = new CopyOnWriteArrayList<>();

    private final Channel listener;

    /** Answers one call on its stream. */
    interface Answer {
        void to(ChannelHandlerContext stream);
    }

    GrpcServer(EventLoopGroup loops, @Nullable TestTls tls, Answer answer) throws SSLException {
        SslContext context = tls == null ? null : serverContext(tls);
        listener = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (context != null) {
                            channel.pipeline().addLast(context.newHandler(channel.alloc()));
                        }
                        channel.pipeline()
                                .addLast(Http2FrameCodecBuilder.forServer()
                                        .gracefulShutdownTimeoutMillis(0)
                                        .build());
                        channel.pipeline().addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                stream.pipeline().addLast(new Call(answer));
                            }
                        }));
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                ctx.close(); // a client that refuses the certificate
                            }
                        });
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    private static SslContext serverContext(TestTls tls) throws SSLException {
        return SslContextBuilder.forServer(tls.keys)
                .sslProvider(SslProvider.JDK)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        "h2"))
                .build();
    }

    /** A whole answer: message and trailers. */
    static Answer message(String framed) {
        return stream -> {
            headers(stream, false, ":status", "200", "content-type", "application/grpc");
            data(stream, framed, false);
            headers(stream, true, "grpc-status", "0");
        };
    }

    /** An answer of trailers only, as gRPC servers give for errors. */
    static Answer trailersOnly(String... headers) {
        return stream -> headers(stream, true, headers);
    }

    static void headers(ChannelHandlerContext stream, boolean end, String... headers) {
        Http2Headers all = new DefaultHttp2Headers();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(all, end));
    }

    static void data(ChannelHandlerContext stream, String hex, boolean end) {
        stream.writeAndFlush(
                new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)), end));
    }

    static Answer reset() {
        return stream -> stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.ENHANCE_YOUR_CALM));
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
    }

    private final class Call extends ChannelInboundHandlerAdapter {
        private final Answer answer;

        Call(Answer answer) {
            this.answer = answer;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            try {
                if (frame instanceof Http2HeadersFrame headers) {
                    calls.add(headers.headers());
                } else if (frame instanceof Http2DataFrame data) {
                    bodies.add(ByteBufUtil.hexDump(data.content()));
                    if (data.isEndStream()) {
                        answer.to(ctx);
                    }
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }
    }
}
