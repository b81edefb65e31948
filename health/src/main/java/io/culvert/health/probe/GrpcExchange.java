package io.culvert.health.probe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.OptionalLong;

/** One call of the gRPC health protocol on its HTTP/2 stream. */
final class GrpcExchange extends SimpleChannelInboundHandler<Http2StreamFrame> {
    /** By number; the names are those of Go's gRPC, which Consul prints. */
    private static final List<String> CODES = List.of(
            "OK",
            "Canceled",
            "Unknown",
            "InvalidArgument",
            "DeadlineExceeded",
            "NotFound",
            "AlreadyExists",
            "PermissionDenied",
            "ResourceExhausted",
            "FailedPrecondition",
            "Aborted",
            "OutOfRange",
            "Unimplemented",
            "Internal",
            "Unavailable",
            "DataLoss",
            "Unauthenticated");

    private static final List<String> SERVING_STATUSES =
            List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");

    private final NetworkRun run;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    GrpcExchange(NetworkRun run) {
        this.run = run;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame) {
        if (frame instanceof Http2HeadersFrame headers) {
            readHeaders(headers);
        } else if (frame instanceof Http2DataFrame data) {
            readData(data);
        } else if (frame instanceof Http2ResetFrame reset) {
            reset(reset);
        }
    }

    /** Resets arrive as events or as frames, depending on what else the stream is doing. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame reset) {
            reset(reset);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        run.fail("connection closed before an answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        run.fail(Reasons.of(cause));
    }

    private void readHeaders(Http2HeadersFrame frame) {
        Http2Headers headers = frame.headers();
        CharSequence httpStatus = headers.status();
        if (httpStatus != null && !"200".contentEquals(httpStatus)) {
            run.fail("HTTP status " + httpStatus + " (expected: a gRPC server, which answers 200)");
        } else if (frame.isEndStream()) {
            judge(headers);
        }
    }

    private void readData(Http2DataFrame frame) {
        ByteBuf content = frame.content();
        if (body.size() + content.readableBytes() > GrpcHealthMessage.MOST_BYTES) {
            run.fail("answer of more than " + GrpcHealthMessage.MOST_BYTES + " bytes (expected: a health answer)");
            return;
        }
        body.writeBytes(ByteBufUtil.getBytes(content));
        if (frame.isEndStream()) {
            run.fail("stream ended without a gRPC status");
        }
    }

    private void reset(Http2ResetFrame reset) {
        run.fail("stream reset by the server (" + nameOf(reset.errorCode()) + ")");
    }

    private static String nameOf(long errorCode) {
        Http2Error error = Http2Error.valueOf(errorCode);
        return error == null ? "error " + errorCode : error.name();
    }

    private void judge(Http2Headers trailers) {
        CharSequence code = trailers.get("grpc-status");
        if (code == null) {
            run.fail("no gRPC status in the answer");
        } else if (!"0".contentEquals(code)) {
            CharSequence message = trailers.get("grpc-message");
            run.fail("rpc error: code = " + codeName(code.toString()) + " desc = " + (message == null ? "" : message));
        } else {
            judgeServing(GrpcHealthMessage.parseStatus(body.toByteArray()));
        }
    }

    private void judgeServing(OptionalLong status) {
        if (status.isEmpty()) {
            run.fail("the answer is no health message");
        } else if (status.getAsLong() == GrpcHealthMessage.SERVING) {
            run.pass("success");
        } else {
            long number = status.getAsLong();
            boolean named = number >= 0 && number < SERVING_STATUSES.size();
            run.fail("serving status " + (named ? SERVING_STATUSES.get((int) number) : Long.toString(number)));
        }
    }

    private static String codeName(String code) {
        boolean known = code.length() <= 2 && code.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = known ? Integer.parseInt(code) : CODES.size();
        return number < CODES.size() ? CODES.get(number) : "Code(" + code + ")";
    }
}
