package io.culvert.agent.rpc;

import io.culvert.agent.rpc.wire.RpcCodec;
import io.culvert.agent.rpc.wire.RpcError;
import io.culvert.agent.rpc.wire.RpcFrame;
import io.culvert.agent.rpc.wire.RpcFrameFault;
import io.culvert.catalog.clock.WallClock;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a caller: admits requests, has them done by workers, sends the answers. */
final class RpcServerHandler extends SimpleChannelInboundHandler<RpcFrame> {
    private static final Logger log = LoggerFactory.getLogger(RpcServerHandler.class);

    private final RpcMethods methods;
    private final RpcLimits limits;
    private final RpcCodec codec;
    private final Session session;
    private final ServerBook book;
    private @Nullable ScheduledFuture<?> idle;

    /**
     * Who is at the other end, and what serves it.
     *
     * @param notAfter the caller's certificate; nothing is answered after it
     */
    record Session(RpcPeer peer, Instant notAfter, WallClock clock, Executor workers) {}

    RpcServerHandler(RpcMethods methods, RpcLimits limits, Session session) {
        this.methods = methods;
        this.limits = limits;
        this.codec = new RpcCodec(limits.longestFrame());
        this.session = session;
        this.book = new ServerBook(limits.mostInFlight());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        watchIdle(ctx);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, RpcFrame frame) throws RpcFrameFault {
        if (frame instanceof RpcFrame.Request request) {
            admit(ctx, request);
        } else if (frame instanceof RpcFrame.Cancel cancel) {
            book.cancel(cancel.id());
            watchIdle(ctx);
        } else {
            throw new RpcFrameFault("an answer from the caller's side");
        }
    }

    /** A caller that does not read its answers gets no new requests read. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        book.cancelAll();
        watchIdle(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable told = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        log.atDebug()
                .addKeyValue("peer", session.peer())
                .addKeyValue("reason", told.getMessage())
                .log("request connection closed");
        ctx.close();
    }

    private void admit(ChannelHandlerContext ctx, RpcFrame.Request request) throws RpcFrameFault {
        if (session.clock().now().isAfter(session.notAfter())) {
            ctx.close(); // the caller renews its certificate and comes again
            return;
        }
        switch (book.begin(request.id())) {
            case OUT_OF_ORDER -> throw new RpcFrameFault("request id " + request.id() + " out of order");
            case FULL ->
                ctx.writeAndFlush(new RpcFrame.Failure(
                        request.id(), RpcError.OVERLOADED, limits.mostInFlight() + " requests are under way already"));
            case ADMITTED -> start(ctx, request);
        }
    }

    private void start(ChannelHandlerContext ctx, RpcFrame.Request request) {
        watchIdle(ctx);
        Optional<RpcMethods.Invocation> method = methods.find(request.method());
        if (method.isEmpty()) {
            answer(
                    ctx,
                    new RpcFrame.Failure(
                            request.id(), RpcError.UNKNOWN_METHOD, "no method '" + request.method() + "' here"));
            return;
        }
        CompletableFuture<byte[]> work = new CompletableFuture<>();
        book.attach(request.id(), work);
        long timeoutMillis =
                Math.min(request.timeoutMillis(), limits.longestTimeout().toMillis());
        ScheduledFuture<?> deadline =
                ctx.executor().schedule(() -> expire(ctx, request.id(), work), timeoutMillis, TimeUnit.MILLISECONDS);
        work.whenComplete((payload, failure) -> ctx.executor().execute(() -> {
            deadline.cancel(false);
            finish(ctx, request, payload, failure);
        }));
        try {
            session.workers().execute(() -> invoke(method.get(), request.payload(), work));
        } catch (RejectedExecutionException e) {
            work.completeExceptionally(new RpcFailure(RpcError.OVERLOADED, "too many requests are under way here"));
        }
    }

    /** On a worker. Cancelling {@code work} cancels what the method returned. */
    private void invoke(RpcMethods.Invocation method, byte[] payload, CompletableFuture<byte[]> work) {
        if (work.isDone()) {
            return;
        }
        try {
            CompletableFuture<byte[]> stage = method.invoke(payload, session.peer());
            stage.whenComplete((answer, failure) -> {
                if (failure == null) {
                    work.complete(answer);
                } else {
                    work.completeExceptionally(failure);
                }
            });
            work.whenComplete((answer, failure) -> {
                if (work.isCancelled()) {
                    stage.cancel(false);
                }
            });
        } catch (RpcFailure | RuntimeException e) {
            work.completeExceptionally(e);
        }
    }

    private void expire(ChannelHandlerContext ctx, int id, CompletableFuture<byte[]> work) {
        if (book.end(id)) {
            answer(ctx, new RpcFrame.Failure(id, RpcError.TIMED_OUT, "the time for the request ran out"));
        }
        work.cancel(false);
    }

    private void finish(
            ChannelHandlerContext ctx,
            RpcFrame.Request request,
            byte @Nullable [] payload,
            @Nullable Throwable failure) {
        if (!book.end(request.id())) {
            return; // cancelled or out of time
        }
        if (failure != null || payload == null) {
            answer(ctx, failure(request, failure));
            return;
        }
        RpcFrame response = new RpcFrame.Response(request.id(), payload);
        if (codec.fits(response)) {
            answer(ctx, response);
        } else {
            log.atError()
                    .addKeyValue("method", request.method())
                    .addKeyValue("bytes", payload.length)
                    .log("answer is too long to be sent");
            answer(ctx, new RpcFrame.Failure(request.id(), RpcError.INTERNAL, "the answer is too long"));
        }
    }

    private void answer(ChannelHandlerContext ctx, RpcFrame frame) {
        book.end(frame.id());
        ctx.writeAndFlush(frame);
        watchIdle(ctx);
    }

    private RpcFrame failure(RpcFrame.Request request, @Nullable Throwable thrown) {
        RpcFailure failure = thrown == null ? null : RpcFailure.in(thrown);
        if (failure != null) {
            return new RpcFrame.Failure(request.id(), failure.error(), String.valueOf(failure.getMessage()));
        }
        log.atError()
                .addKeyValue("method", request.method())
                .addKeyValue("peer", session.peer())
                .setCause(thrown)
                .log("request failed");
        return new RpcFrame.Failure(
                request.id(), RpcError.INTERNAL, request.method() + " failed; the log of the host asked says why");
    }

    /** The timer runs only while nothing is under way. */
    private void watchIdle(ChannelHandlerContext ctx) {
        ScheduledFuture<?> running = idle;
        if (running != null) {
            running.cancel(false);
            idle = null;
        }
        if (book.isEmpty() && ctx.channel().isActive()) {
            idle = ctx.executor().schedule(() -> ctx.close(), limits.idle().toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
