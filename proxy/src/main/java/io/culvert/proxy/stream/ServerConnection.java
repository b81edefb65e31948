package io.culvert.proxy.stream;

import io.culvert.proxy.CloseReason;
import io.culvert.proxy.frame.AppTransport;
import io.culvert.proxy.frame.Frame;
import io.culvert.proxy.frame.GoAway;
import io.culvert.proxy.frame.GoAwayReason;
import io.culvert.proxy.frame.Hello;
import io.culvert.proxy.frame.Limits;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.frame.Opened;
import io.culvert.proxy.frame.Ready;
import io.culvert.proxy.frame.RefusalCode;
import io.culvert.proxy.frame.Refused;
import io.culvert.proxy.frame.Reset;
import io.culvert.proxy.frame.ResetCode;
import java.util.List;

/**
 * The end that streams come to. IDLE, CONNECTING (judging the caller and reaching the application), ACTIVE, DRAINED (both
 * directions ended, the application leg not yet closed) and, with READY, IDLE again.
 */
public final class ServerConnection extends Connection {
    private enum State {
        IDLE,
        CONNECTING,
        ACTIVE,
        DRAINED
    }

    private State state = State.IDLE;
    private boolean goneAway;
    private boolean idleTooLong; // and only therefore gone away

    /** The stream that was refused last: a RESET for it may have crossed the REFUSED. 0: none. */
    private int refusedOrdinal;

    public ServerConnection(Timers timers, Hello ownHello) {
        super(timers, ownHello, CloseReason.SERVER_RESET, CloseReason.CLIENT_RESET);
    }

    /** TLS is up and the client's certificate is good. */
    public List<Effect> accepted(long now) {
        send(ownHello);
        waitUntil(now, timers.hello());
        return drain();
    }

    /** Whether the answer to a {@link Effect.Dial} is due. */
    public boolean isConnecting() {
        return state == State.CONNECTING && !isClosed();
    }

    /** The application has accepted. */
    public List<Effect> appOpened(AppTransport transport, int connectMicros) {
        if (isConnecting()) {
            state = State.ACTIVE;
            waitForNothing();
            send(new Opened(ordinal(), transport, connectMicros));
        }
        return drain();
    }

    /** The caller may not, or the application did not accept. */
    public List<Effect> appFailed(RefusalCode code, String message, CloseReason reason, long now) {
        if (isConnecting()) {
            end(reason);
            refuse(Refused.of(ordinal(), code, message), now);
        }
        return drain();
    }

    /** The application leg is closed. */
    public List<Effect> appClosed(long now) {
        if (state == State.DRAINED && !isClosed()) {
            ready(now);
        }
        return drain();
    }

    /** No further stream; the present one may end within {@code grace}. */
    public List<Effect> goAway(GoAwayReason reason, int graceMillis, long now) {
        if (!isClosed() && !goneAway) {
            goneAway = true;
            send(new GoAway(reason.code(), graceMillis));
            if (state == State.IDLE) {
                waitUntil(now, timers.goAwayGrace());
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
        waitUntil(now, timers.serverIdle());
    }

    @Override
    void bothEnded(long now) {
        state = State.DRAINED;
    }

    @Override
    void other(Frame frame, long now) {
        if (frame instanceof Open open && isHelloSeen() && state == State.IDLE && open.ordinal() == ordinal()) {
            openCame(open, now);
        } else if (frame instanceof GoAway) {
            goneAway = true;
        } else {
            protocolBroken();
        }
    }

    @Override
    boolean resetWhileInactive(Reset reset, long now) {
        if (reset.sent() != 0) {
            return false;
        }
        if (state == State.CONNECTING && reset.ordinal() == ordinal()) {
            effect(Effect.Simple.CANCEL_DIAL);
            end(CloseReason.CLIENT_RESET);
            send(new Reset(ordinal(), ResetCode.PEER_RST, 0));
            ready(now);
            return true;
        }
        boolean crossed = refusedOrdinal != 0 && reset.ordinal() == refusedOrdinal;
        refusedOrdinal = 0;
        return crossed;
    }

    @Override
    void lost() {
        if (state == State.CONNECTING) {
            effect(Effect.Simple.CANCEL_DIAL);
            end(CloseReason.TUNNEL_LOST);
        } else {
            streamLost();
        }
    }

    @Override
    void killed() {
        if (state == State.CONNECTING) {
            effect(Effect.Simple.CANCEL_DIAL);
        }
    }

    @Override
    void due(long now) {
        switch (state) {
            case IDLE -> {
                if (!isHelloSeen()) {
                    close(Effect.Simple.ABORT_CONNECTION);
                } else if (goneAway) {
                    close(Effect.Simple.CLOSE_CONNECTION);
                } else {
                    goneAway = true;
                    idleTooLong = true;
                    send(new GoAway(GoAwayReason.IDLE.code(), 0));
                    waitUntil(now, timers.goAwayGrace());
                }
            }
            case CONNECTING -> {
                effect(Effect.Simple.CANCEL_DIAL);
                end(CloseReason.TIMEOUT);
                String message = "the application did not accept in time";
                refuse(Refused.of(ordinal(), RefusalCode.CONNECT_TIMEOUT, message), now);
            }
            case ACTIVE, DRAINED -> close(Effect.Simple.ABORT_CONNECTION); // no answer to our RESET
        }
    }

    private void openCame(Open open, long now) {
        refusedOrdinal = 0;
        beginStream();
        state = State.CONNECTING;
        waitUntil(now, timers.open());
        if (goneAway) {
            abandonStream();
            Refused.Retry retry = idleTooLong ? Refused.Retry.NEW_CONNECTION : RefusalCode.DRAINING.retry();
            String message = "this agent takes no further stream on this connection";
            refuse(new Refused(ordinal(), RefusalCode.DRAINING, retry, message), now);
        } else if ((open.flags() & Open.FLAG_EARLY_DATA) != 0) {
            abandonStream();
            refuse(Refused.of(ordinal(), RefusalCode.UNSUPPORTED, "early data is not spoken"), now);
        } else {
            effect(new Effect.Dial(open));
        }
    }

    private void refuse(Refused refused, long now) {
        send(refused);
        refusedOrdinal = ordinal();
        ready(now);
    }

    private void ready(long now) {
        send(new Ready(Limits.nextOrdinal(ordinal())));
        nextOrdinal();
        state = State.IDLE;
        waitUntil(now, goneAway ? timers.goAwayGrace() : timers.serverIdle());
    }
}
