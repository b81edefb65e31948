package io.culvert.proxy.stream;

import io.culvert.proxy.CloseReason;
import io.culvert.proxy.frame.Frame;
import io.culvert.proxy.frame.Hello;
import io.culvert.proxy.frame.Limits;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.frame.Opened;
import io.culvert.proxy.frame.Ready;
import io.culvert.proxy.frame.Refused;
import io.culvert.proxy.frame.Reset;
import io.culvert.proxy.frame.ResetCode;
import java.time.Duration;
import java.util.List;

/**
 * The end that opens streams. From its handshake on: IDLE, OPENING, ACTIVE, CLOSING and IDLE again, once READY says that
 * the server's application leg is gone. Only the server's HELLO proves that it took our certificate, so a connection is
 * reusable only after it.
 */
public final class ClientConnection extends Connection {
    private enum State {
        IDLE,
        OPENING,
        /** The caller went while OPENING; RESET is sent and the answer still due. */
        CANCELLED,
        ACTIVE,
        /** Both directions ended or the stream was refused; READY is due. */
        CLOSING
    }

    private State state = State.IDLE;
    private final Duration life;
    private boolean retiring;
    private long openUntil = NEVER;
    private long retireAt = NEVER;

    /** @param life after which no further stream is opened; the present one goes on */
    public ClientConnection(Timers timers, Hello ownHello, Duration life) {
        super(timers, ownHello, CloseReason.CLIENT_RESET, CloseReason.SERVER_RESET);
        this.life = life;
    }

    /** TLS is up and the server is the right one. */
    public List<Effect> connected(long now) {
        send(ownHello);
        waitUntil(now, timers.hello());
        retireAt = now + life.toNanos();
        return drain();
    }

    /** Whether {@link #open} may be called. */
    public boolean mayOpen() {
        return state == State.IDLE && !retiring && !isClosed();
    }

    /** No stream now and none to come: may be asked of a pooled connection. */
    public boolean isIdle() {
        return state == State.IDLE;
    }

    /**
     * Asks for a stream.
     *
     * @param open whose ordinal is {@link #ordinal}
     * @param budget what is left of the time for opening
     */
    public List<Effect> open(Open open, Duration budget, long now) {
        if (!mayOpen() || open.ordinal() != ordinal()) {
            throw new IllegalStateException("OPEN of stream " + open.ordinal() + " while " + this);
        }
        state = State.OPENING;
        beginStream();
        openUntil = now + budget.toNanos();
        if (isHelloSeen()) {
            waitUntil(now, budget);
        }
        send(open);
        return drain();
    }

    /** The caller went before there was an answer. */
    public List<Effect> cancel(long now) {
        if (state == State.OPENING && !isClosed()) {
            state = State.CANCELLED;
            appIsGone();
            sendReset(ResetCode.PEER_RST, now);
            end(CloseReason.CLIENT_RESET);
        }
        return drain();
    }

    /** No further stream: closes now when idle, after the present stream else. */
    public List<Effect> retire() {
        if (!isClosed()) {
            retiring = true;
            if (state == State.IDLE) {
                close(Effect.Simple.CLOSE_CONNECTION);
            }
        }
        return drain();
    }

    @Override
    boolean isActive() {
        return state == State.ACTIVE;
    }

    @Override
    void helloCame(long now) {
        if (state == State.OPENING) {
            waitUntil(now, Duration.ofNanos(Math.max(0, openUntil - now)));
        } else if (state == State.IDLE) {
            idle(now);
        }
    }

    @Override
    void bothEnded(long now) {
        awaitReady(now);
    }

    @Override
    void other(Frame frame, long now) {
        if (!isHelloSeen()) {
            protocolBroken();
            return;
        }
        switch (frame.type()) {
            case OPENED -> openedCame((Opened) frame);
            case REFUSED -> refusedCame((Refused) frame, now);
            case READY -> readyCame((Ready) frame, now);
            case GOAWAY -> goAwayCame();
            default -> protocolBroken();
        }
    }

    @Override
    boolean resetWhileInactive(Reset reset, long now) {
        if (reset.ordinal() != ordinal() || reset.sent() != 0 || !isHelloSeen()) {
            return false;
        }
        if (state == State.CANCELLED) {
            awaitReady(now);
            return true;
        }
        return false;
    }

    @Override
    void lost() {
        if (state == State.ACTIVE) {
            streamLost();
        } else {
            end(CloseReason.TUNNEL_LOST);
        }
    }

    @Override
    void due(long now) {
        switch (state) {
            case IDLE -> close(isHelloSeen() ? Effect.Simple.CLOSE_CONNECTION : Effect.Simple.ABORT_CONNECTION);
            case CLOSING -> close(Effect.Simple.CLOSE_CONNECTION);
            case OPENING -> {
                end(CloseReason.TIMEOUT);
                close(Effect.Simple.ABORT_CONNECTION);
            }
            case CANCELLED, ACTIVE -> close(Effect.Simple.ABORT_CONNECTION); // no answer to our RESET
        }
    }

    private void openedCame(Opened opened) {
        if (opened.ordinal() != ordinal() || state != State.OPENING && state != State.CANCELLED) {
            protocolBroken();
        } else if (state == State.OPENING) {
            state = State.ACTIVE;
            waitForNothing();
            effect(new Effect.StreamOpened(opened));
        } else {
            state = State.ACTIVE; // for what the server says until it has our RESET; the caller is gone
        }
    }

    private void refusedCame(Refused refused, long now) {
        if (refused.ordinal() != ordinal() || state != State.OPENING && state != State.CANCELLED) {
            protocolBroken();
            return;
        }
        if (state == State.OPENING) {
            // The shell decides whether this is the stream's end: another instance may still take it.
            effect(new Effect.StreamRefused(refused));
        }
        retiring |= refused.retryable() == Refused.Retry.NEW_CONNECTION;
        abandonStream();
        awaitReady(now);
    }

    private void readyCame(Ready ready, long now) {
        if (state != State.CLOSING || ready.nextOrdinal() != Limits.nextOrdinal(ordinal())) {
            protocolBroken();
            return;
        }
        nextOrdinal();
        state = State.IDLE;
        idle(now);
    }

    /** There may be a next stream, unless the connection is old or was told to go. */
    private void idle(long now) {
        long left = retireAt - now;
        if (retiring || left <= 0) {
            close(Effect.Simple.CLOSE_CONNECTION);
        } else {
            waitUntil(now, Duration.ofNanos(Math.min(left, timers.idle().toNanos())));
            effect(Effect.Simple.REUSABLE);
        }
    }

    private void goAwayCame() {
        retiring = true;
        if (state == State.IDLE) {
            close(Effect.Simple.CLOSE_CONNECTION);
        }
    }

    private void awaitReady(long now) {
        state = State.CLOSING;
        waitUntil(now, timers.ready());
    }
}
