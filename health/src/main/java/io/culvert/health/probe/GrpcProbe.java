package io.culvert.health.probe;

import io.culvert.catalog.TcpEndpoint;
import io.culvert.health.CheckKind;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The standard gRPC health protocol over HTTP/2, plain with prior knowledge or in TLS. */
final class GrpcProbe {
    private static final String PATH = "/grpc.health.v1.Health/Check";

    private final Dialer dialer;
    private final TlsContexts tls;

    GrpcProbe(Dialer dialer, TlsContexts tls) {
        this.dialer = dialer;
        this.tls = tls;
    }

    /** How the results of a check begin. */
    static String what(CheckKind.Grpc kind) {
        String service = kind.service().isEmpty() ? "" : "/" + kind.service();
        return "gRPC check " + new TcpEndpoint(kind.host(), kind.port()) + service;
    }

    RunningProbe start(NetworkRun run, CheckKind.Grpc kind) {
        run.begin(() -> {
            if (kind.tls().isEmpty()) {
                dial(run, kind, null);
                return;
            }
            run.stage("reading the trust anchors");
            tls.context(kind.tls().get(), true).whenComplete(run.onLoop(context -> dial(run, kind, context)));
        });
        return run;
    }

    private void dial(NetworkRun run, CheckKind.Grpc kind, @Nullable SslContext context) {
        TcpEndpoint endpoint = new TcpEndpoint(kind.host(), kind.port());
        dialer.dial(run, endpoint, () -> pipeline(run, kind, context), channel -> openStream(run, kind, channel));
    }

    private static ChannelHandler pipeline(NetworkRun run, CheckKind.Grpc kind, @Nullable SslContext context) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new ByteLimit());
                if (context != null) {
                    String name =
                            kind.tls().flatMap(CheckKind.TlsOptions::serverName).orElse(kind.host());
                    SslHandler handler = context.newHandler(channel.alloc(), name, kind.port());
                    handler.setHandshakeTimeoutMillis(0); // the deadline of the run covers it
                    channel.pipeline().addLast(handler);
                }
                channel.pipeline()
                        .addLast(Http2FrameCodecBuilder.forClient()
                                .initialSettings(Http2Settings.defaultSettings().pushEnabled(false))
                                .gracefulShutdownTimeoutMillis(0)
                                .build());
                channel.pipeline().addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                channel.pipeline().addLast(new ConnectionEnd(run));
            }
        };
    }

    private static void openStream(NetworkRun run, CheckKind.Grpc kind, Channel connection) {
        run.stage("waiting for the answer");
        new Http2StreamChannelBootstrap(connection)
                .handler(new GrpcExchange(run))
                .open()
                .addListener((Future<Http2StreamChannel> opened) -> {
                    if (opened.isSuccess()) {
                        call(run, kind, opened.getNow());
                    } else {
                        run.fail(Reasons.of(opened.cause()));
                    }
                });
    }

    private static void call(NetworkRun run, CheckKind.Grpc kind, Http2StreamChannel stream) {
        Http2Headers headers = new DefaultHttp2Headers()
                .method("POST")
                .scheme(kind.tls().isPresent() ? "https" : "http")
                .authority(new TcpEndpoint(kind.host(), kind.port()).toString())
                .path(PATH)
                .set("content-type", "application/grpc")
                .set("te", "trailers")
                .set("user-agent", "Culvert Health Check")
                .set("grpc-timeout", run.timeout().toMillis() + "m");
        stream.write(new DefaultHttp2HeadersFrame(headers, false));
        stream.writeAndFlush(
                new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(GrpcHealthMessage.request(kind.service())), true));
    }

    /** What goes wrong below the stream. */
    private static final class ConnectionEnd extends ChannelInboundHandlerAdapter {
        private final NetworkRun run;

        ConnectionEnd(NetworkRun run) {
            this.run = run;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            ReferenceCountUtil.release(frame); // settings, pings and the like: the codec has dealt with them
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ByteLimit.Reached.REACHED) {
                run.fail("no answer within " + ByteLimit.MOST_BYTES + " bytes");
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            run.fail("connection closed before an answer");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            run.fail(Reasons.of(cause));
        }
    }
}
