package io.culvert.agent.rpc;

import io.culvert.agent.rpc.wire.RpcCodec;
import io.culvert.agent.rpc.wire.RpcError;
import io.culvert.agent.rpc.wire.RpcFrame;
import io.culvert.agent.rpc.wire.RpcFrameFault;
import io.culvert.proxy.tls.TlsPeer;
import io.culvert.proxy.tls.TlsProtocol;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The asking side of one connection. {@link #ready} completes once the server has proved to be the one expected; nothing
 * is sent before. All state is confined to the event loop; {@link #ask} and {@link #retire} may be called from any thread.
 */
final class RpcConnection extends SimpleChannelInboundHandler<RpcFrame> {
    private static final int MOST_IN_FLIGHT = 64;

    /** A connection without questions is closed by the side that asks, before the server's own limit. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final RpcTarget target;
    private final CompletableFuture<RpcConnection> ready = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
    private final ClientBook book = new ClientBook(MOST_IN_FLIGHT);
    private final RpcCodec codec = new RpcCodec(RpcCodec.LONGEST_FRAME);
    private volatile boolean usable = true;
    private volatile @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> idle;
    private String lostBecause = "the server closed the connection";
    private long framesHeard;

    RpcConnection(RpcTarget target) {
        this.target = target;
        ready.whenComplete((self, failure) -> {
            if (failure != null) {
                gone.complete(null);
            }
        });
    }

    CompletableFuture<RpcConnection> ready() {
        return ready;
    }

    /** Completes when the connection has ended, or will not come to be. */
    CompletableFuture<@Nullable Void> gone() {
        return gone;
    }

    /** False once closed or to be closed: a new connection is to be made. */
    boolean isUsable() {
        return usable;
    }

    /** Takes no new questions, and closes when the open ones are answered. */
    void retire() {
        usable = false;
        ready.thenAccept(self -> onLoop(this::closeIfIdle));
    }

    /** Closes now; open questions fail. */
    void close() {
        usable = false;
        ready.completeExceptionally(new RpcFailure(RpcError.UNAVAILABLE, "closing"));
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.close();
        }
    }

    /** Asks on a connection that is ready. Cancelling the answer tells the server. */
    CompletableFuture<byte[]> ask(String method, byte[] payload, Duration timeout) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        onLoop(() -> send(method, payload, timeout, answer));
        return answer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess()) {
                checkServer(ctx);
            } else {
                fail(ctx, completion.cause());
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, RpcFrame frame) throws RpcFrameFault {
        framesHeard++;
        book.answered(frame);
        settle();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        usable = false;
        ready.completeExceptionally(unreachable("the server closed the connection"));
        book.failAll(target + ": " + lostBecause);
        gone.complete(null);
        settle();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, cause);
    }

    private void checkServer(ChannelHandlerContext ctx) throws SSLPeerUnverifiedException {
        TlsPeer peer = TlsPeer.of(ctx.channel());
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        boolean protocol = tls != null && TlsProtocol.REQUESTS.equals(tls.applicationProtocol());
        if (!protocol || !target.identity().map(peer.id()::equals).orElse(true)) {
            fail(
                    ctx,
                    new SSLPeerUnverifiedException("the server is " + peer.id() + " (expected: "
                            + target.identity().map(Object::toString).orElse("a server of this mesh") + " speaking "
                            + TlsProtocol.REQUESTS + ")"));
        } else {
            ready.complete(this);
            settle();
        }
    }

    private void fail(ChannelHandlerContext ctx, Throwable cause) {
        lostBecause = sentence(cause);
        usable = false;
        ready.completeExceptionally(unreachable(lostBecause));
        ctx.close();
    }

    /** The verifier's sentence lies at the bottom of what TLS engines throw. */
    private static String sentence(Throwable thrown) {
        Throwable at = thrown;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        String message = at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
        return at instanceof SSLException && !(at instanceof SSLPeerUnverifiedException)
                ? "the server refused the handshake (" + message + "; its log says why)"
                : message;
    }

    private RpcFailure unreachable(String reason) {
        return new RpcFailure(RpcError.UNAVAILABLE, target + ": " + reason);
    }

    private void send(String method, byte[] payload, Duration timeout, CompletableFuture<byte[]> answer) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || !ctx.channel().isActive()) {
            usable = false; // the news of the end may still be on its way to us
            answer.completeExceptionally(unreachable(lostBecause));
            return;
        }
        int id = book.begin(answer);
        if (id == 0) {
            answer.completeExceptionally(
                    new RpcFailure(RpcError.OVERLOADED, "too many questions to " + target + " are open"));
            return;
        }
        int timeoutMillis = (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE));
        RpcFrame.Request request = new RpcFrame.Request(id, timeoutMillis, method, payload);
        if (!codec.fits(request)) {
            book.giveUp(id);
            answer.completeExceptionally(new RpcFailure(RpcError.BAD_REQUEST, method + ": the request is too long"));
            return;
        }
        ctx.writeAndFlush(request);
        long heardBefore = framesHeard;
        ScheduledFuture<?> deadline =
                ctx.executor().schedule(() -> expire(ctx, answer, heardBefore), timeoutMillis, TimeUnit.MILLISECONDS);
        answer.whenComplete((bytes, failure) -> onLoop(() -> over(ctx, id, deadline)));
        settle();
    }

    private void expire(ChannelHandlerContext ctx, CompletableFuture<byte[]> answer, long heardBefore) {
        boolean expired =
                answer.completeExceptionally(new RpcFailure(RpcError.TIMED_OUT, target + ": no answer in time"));
        if (expired && framesHeard == heardBefore) {
            // Not a word in all that time: the next question shall not wait for a dead peer.
            lostBecause = "no answer in time";
            usable = false;
            ctx.close();
        }
    }

    private void over(ChannelHandlerContext ctx, int id, ScheduledFuture<?> deadline) {
        deadline.cancel(false);
        if (book.giveUp(id)) {
            ctx.writeAndFlush(new RpcFrame.Cancel(id));
        }
        settle();
    }

    /** After each change of the book: the idle timer runs while it is empty, and a retired connection closes. */
    private void settle() {
        ScheduledFuture<?> running = idle;
        if (running != null) {
            running.cancel(false);
            idle = null;
        }
        ChannelHandlerContext ctx = context;
        if (ctx != null && book.isEmpty() && ctx.channel().isActive()) {
            if (usable) {
                idle = ctx.executor().schedule(this::retire, IDLE.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                ctx.close();
            }
        }
    }

    private void closeIfIdle() {
        if (book.isEmpty() && context != null) {
            context.close();
        }
    }

    private void onLoop(Runnable action) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("connection to " + target + " is not set up");
        }
        if (ctx.executor().inEventLoop()) {
            action.run();
        } else {
            ctx.executor().execute(action);
        }
    }
}
