package io.culvert.proxy.stream;

import io.culvert.proxy.CloseReason;
import io.culvert.proxy.frame.Fin;
import io.culvert.proxy.frame.Frame;
import io.culvert.proxy.frame.Hello;
import io.culvert.proxy.frame.Limits;
import io.culvert.proxy.frame.Ping;
import io.culvert.proxy.frame.Pong;
import io.culvert.proxy.frame.Reset;
import io.culvert.proxy.frame.ResetCode;
import io.culvert.proxy.stream.Halves.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What both ends of a tunnel connection have in common: one stream at a time, each direction ended once, by FIN or by
 * RESET, and every byte counted. Times are nanoseconds of a monotonic clock.
 *
 * <p>Long because both ends share every rule of a stream, and the rules belong together.
 */
public abstract sealed class Connection permits ClientConnection, ServerConnection {
    static final long NEVER = Long.MAX_VALUE;

    final Timers timers;
    final Hello ownHello;
    private final CloseReason localReset;
    private final CloseReason peerReset;

    private List<Effect> effects = new ArrayList<>();
    private int ordinal = 1;
    private Halves halves = new Halves();
    private boolean streamBegun;
    private boolean helloSeen;
    private boolean closed;
    private boolean faulty;
    private int peerMaxFrame = Limits.DATA;
    private long deadline = NEVER;
    private long lastActivity;

    Connection(Timers timers, Hello ownHello, CloseReason localReset, CloseReason peerReset) {
        this.timers = timers;
        this.ownHello = ownHello;
        this.localReset = localReset;
        this.peerReset = peerReset;
    }

    /** When {@link #onTime} wants to be called; {@link Long#MAX_VALUE}: never. May move earlier and later. */
    public final long deadline() {
        if (isHalfClosed()) {
            return Math.min(deadline, lastActivity + timers.halfClosed().toNanos());
        }
        return deadline;
    }

    /** Longest DATA payload that the peer takes. */
    public final int peerMaxFrame() {
        return peerMaxFrame;
    }

    /** The number of the present stream, or of the next one. */
    public final int ordinal() {
        return ordinal;
    }

    public final boolean isClosed() {
        return closed;
    }

    /** Whether the peer broke the rules, which closed the connection. */
    public final boolean isFaulty() {
        return faulty;
    }

    /** Whether there is a stream that has not ended. */
    public final boolean hasStream() {
        return streamBegun;
    }

    public final boolean isHelloSeen() {
        return helloSeen;
    }

    /** {@code bytes} of the application go out as DATA; only while the stream is active and this end has not ended. */
    public final void dataSent(int bytes, long now) {
        if (!maySend()) {
            throw new IllegalStateException("DATA of " + bytes + " bytes while " + this);
        }
        halves.sent += bytes;
        lastActivity = now;
    }

    /** Whether bytes of the application may be sent now. */
    public final boolean maySend() {
        return isActive() && halves.out == Direction.OPEN && !closed;
    }

    /** The application has ended its direction well. */
    public final List<Effect> appEnded(long now) {
        if (maySend() && !halves.appGone) {
            send(new Fin(ordinal, halves.sent));
            halves.out = Direction.FIN;
            lastActivity = now;
            finishIfBothEnded(now);
        }
        return drain();
    }

    /**
     * The application leg broke.
     *
     * @param flushed whether all DATA sent before has reached the socket; else a RESET would wait behind it
     */
    public final List<Effect> appReset(boolean flushed, long now) {
        if (closed || halves.appGone || !isActive()) {
            return drain();
        }
        halves.appGone = true;
        effects.add(Effect.Simple.ABORT_APP);
        if (halves.out == Direction.OPEN && flushed) {
            sendReset(ResetCode.PEER_RST, now);
            if (halves.in != Direction.OPEN) {
                finishIfBothEnded(now);
            } else {
                end(localReset);
            }
        } else if (halves.in == Direction.OPEN || halves.out == Direction.OPEN) {
            end(localReset);
            // After our FIN there is no frame to say it with: the end of the connection says it, behind all DATA.
            close(halves.out == Direction.FIN ? Effect.Simple.FINISH_CONNECTION : Effect.Simple.ABORT_CONNECTION);
        }
        return drain();
    }

    // --- what the peer does ---

    /** {@code bytes} of DATA for stream {@code stream} have come. */
    public final Arrival dataReceived(int stream, int bytes, long now) {
        if (closed || !isActive() || stream != ordinal || halves.in != Direction.OPEN) {
            return Arrival.FAULT;
        }
        lastActivity = now;
        return halves.arrived(bytes);
    }

    /** A control frame has come. */
    public final List<Effect> frame(Frame frame, long now) {
        if (closed) {
            return drain();
        }
        switch (frame.type()) {
            case HELLO -> hello((Hello) frame, now);
            case FIN -> fin((Fin) frame, now);
            case RESET -> reset((Reset) frame, now);
            case PING -> send(new Pong(((Ping) frame).opaque()));
            case PONG -> {} // nothing waits for it; a peer that sends one unasked does no harm
            default -> other(frame, now);
        }
        return drain();
    }

    /** The peer broke the format, or sent what must not come now. */
    public final List<Effect> fault() {
        protocolBroken();
        return drain();
    }

    /** The peer goes on sending into a stream that we have reset: the end of the connection will be heard. */
    public final List<Effect> giveUp() {
        close(Effect.Simple.ABORT_CONNECTION);
        return drain();
    }

    /** The connection is gone, in whichever way. */
    public final List<Effect> connectionLost() {
        if (!closed) {
            closed = true;
            deadline = NEVER;
            lost();
        }
        return drain();
    }

    /** Cuts the stream and the connection now: nobody's answer is waited for. */
    public final List<Effect> kill(ResetCode code, CloseReason reason) {
        if (!closed) {
            if (streamBegun && isActive() && halves.out == Direction.OPEN) {
                send(new Reset(ordinal, code, halves.sent));
            }
            killed();
            abortStream(reason);
            close(Effect.Simple.ABORT_CONNECTION);
        }
        return drain();
    }

    /** Looks at what became due. */
    public final List<Effect> onTime(long now) {
        if (closed || now < deadline()) {
            return drain();
        }
        if (isHalfClosed() && now - lastActivity >= timers.halfClosed().toNanos()) {
            return kill(ResetCode.TIMEOUT, CloseReason.TIMEOUT);
        }
        if (now >= deadline) {
            deadline = NEVER;
            due(now);
        }
        return drain();
    }

    // --- for the two ends ---

    /** Whether DATA may flow. */
    abstract boolean isActive();

    /** Both directions have ended. */
    abstract void bothEnded(long now);

    /** A frame that only one of the ends may get. */
    abstract void other(Frame frame, long now);

    /** The connection is gone; {@link #closed} is set. */
    abstract void lost();

    /** {@link #deadline} has passed. */
    abstract void due(long now);

    /** The connection is about to be broken off by this end. */
    void killed() {}

    /** A RESET for a stream that is not active; whether it is in order. */
    abstract boolean resetWhileInactive(Reset reset, long now);

    final void send(Frame frame) {
        effects.add(new Effect.Send(frame));
    }

    final void effect(Effect effect) {
        effects.add(effect);
    }

    final List<Effect> drain() {
        if (effects.isEmpty()) {
            return List.of();
        }
        List<Effect> drained = effects;
        effects = new ArrayList<>();
        return drained;
    }

    final void beginStream() {
        streamBegun = true;
        halves = new Halves();
    }

    final void nextOrdinal() {
        ordinal = Limits.nextOrdinal(ordinal);
    }

    final void appIsGone() {
        halves.appGone = true;
    }

    final void sendReset(ResetCode code, long now) {
        send(new Reset(ordinal, code, halves.sent));
        halves.out = Direction.RESET;
        deadline = now + timers.resetAnswer().toNanos();
    }

    /** Tells of the end of the present stream, once. */
    final void end(CloseReason reason) {
        if (streamBegun) {
            streamBegun = false;
            effects.add(new Effect.StreamEnded(reason));
        }
    }

    /** Forgets a stream whose end is told in another way. */
    final void abandonStream() {
        streamBegun = false;
    }

    final void waitUntil(long now, Duration after) {
        deadline = now + after.toNanos();
    }

    final void waitForNothing() {
        deadline = NEVER;
    }

    final void close(Effect.Simple how) {
        if (!closed) {
            closed = true;
            deadline = NEVER;
            effects.add(how);
        }
    }

    final void protocolBroken() {
        if (!closed) {
            faulty = true;
            killed();
            abortStream(CloseReason.PROTOCOL);
            close(Effect.Simple.ABORT_CONNECTION);
        }
    }

    /** Ends the stream, if there is one, and breaks off its application leg. */
    final void abortStream(CloseReason reason) {
        if (isActive() && !halves.appGone) {
            halves.appGone = true;
            effects.add(Effect.Simple.ABORT_APP);
        }
        end(reason);
    }

    /** The stream ends with the connection under it. */
    final void streamLost() {
        if (!isActive()) {
            return;
        }
        boolean peerAppGone = halves.in == Direction.FIN && halves.out == Direction.OPEN;
        if (!halves.appGone && !halves.bothEnded()) {
            halves.appGone = true;
            // What the peer sent is complete: our application gets all of it. Its own later bytes meet a closed socket.
            effects.add(halves.in == Direction.FIN ? Effect.Simple.CLOSE_APP : Effect.Simple.ABORT_APP);
        }
        end(peerAppGone ? peerReset : CloseReason.TUNNEL_LOST);
    }

    private boolean isHalfClosed() {
        return streamBegun && !closed && isActive() && halves.isHalfClosed();
    }

    private void hello(Hello hello, long now) {
        if (helloSeen) {
            protocolBroken();
            return;
        }
        helloSeen = true;
        peerMaxFrame = Math.min(hello.maxFrame(), Limits.DATA);
        helloCame(now);
    }

    /** The peer's HELLO has come. */
    abstract void helloCame(long now);

    private void fin(Fin fin, long now) {
        if (!isActive() || fin.ordinal() != ordinal || halves.in != Direction.OPEN || fin.total() != halves.received) {
            protocolBroken(); // a wrong count is truncation, which must not look like success
            return;
        }
        halves.in = Direction.FIN;
        lastActivity = now;
        if (!halves.appGone) {
            effects.add(Effect.Simple.END_APP_OUTPUT);
        }
        finishIfBothEnded(now);
    }

    private void reset(Reset reset, long now) {
        if (!isActive()) {
            if (!resetWhileInactive(reset, now)) {
                protocolBroken();
            }
            return;
        }
        if (reset.ordinal() != ordinal || halves.in != Direction.OPEN || reset.sent() != halves.received) {
            protocolBroken();
            return;
        }
        halves.in = Direction.RESET;
        if (!halves.appGone) {
            halves.appGone = true;
            effects.add(Effect.Simple.ABORT_APP);
        }
        end(CloseReason.of(reset.code(), peerReset));
        if (halves.out == Direction.OPEN) {
            send(new Reset(ordinal, ResetCode.PEER_RST, halves.sent));
            halves.out = Direction.RESET;
        }
        finishIfBothEnded(now);
    }

    private void finishIfBothEnded(long now) {
        if (!halves.bothEnded()) {
            return;
        }
        deadline = NEVER;
        end(halves.bothEndedWell() ? CloseReason.OK : localReset);
        if (!halves.appGone) {
            effects.add(Effect.Simple.CLOSE_APP);
        }
        bothEnded(now);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[stream " + ordinal + ", " + halves + (closed ? ", closed]" : "]");
    }
}
