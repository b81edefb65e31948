package io.culvert.proxy.tunnel;

import io.culvert.proxy.CloseReason;
import io.culvert.proxy.frame.FrameFault;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.frame.Opened;
import io.culvert.proxy.frame.Refused;
import io.culvert.proxy.relay.Wiring;
import io.culvert.proxy.stream.ClientConnection;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client end of a tunnel connection. Belongs to a pool, and to an {@link Owner} while it carries a stream. */
final class ClientTunnel extends TunnelLink<ClientConnection> {
    private static final Logger log = LoggerFactory.getLogger(ClientTunnel.class);

    /** Idle for longer, a connection is not one of a crowd that comes back at once. */
    private static final long BURST_NANOS = 5_000_000_000L;

    private final PoolKey key;
    private final TunnelPool pool;
    private @Nullable Owner owner;
    private boolean opened;
    private int streams;
    private long idleSince;

    /** Whose stream it carries. After {@code refused}, {@code failed} or {@code ended} it hears nothing more. */
    interface Owner {
        void opened(Opened opened);

        void refused(Refused refused);

        /** The connection went before there was an answer. */
        void failed(CloseReason reason);

        void ended(CloseReason reason);

        void countOut(int bytes);

        void countIn(int bytes);
    }

    ClientTunnel(PoolKey key, TunnelPool pool, ClientConnection machine, Channel channel, Wiring wiring) {
        super(machine, channel, wiring.clock(), wiring.sweeper(channel.eventLoop()));
        this.key = key;
        this.pool = pool;
    }

    PoolKey key() {
        return key;
    }

    /** Whether it carried a stream before the present one: what is wrong with it may be its age. */
    boolean isReused() {
        return streams > 1;
    }

    void connected() {
        perform(machine.connected(now()));
    }

    void open(Owner newOwner, Open open, Duration budget) {
        owner = newOwner;
        opened = false;
        streams++;
        perform(machine.open(open, budget, now()));
    }

    /** The caller went before there was an answer. */
    void cancel() {
        owner = null;
        perform(machine.cancel(now()));
    }

    /** No further stream. */
    void retire() {
        perform(machine.retire());
    }

    @Override
    public void opened(Opened answer) {
        opened = true;
        if (owner != null) {
            owner.opened(answer);
        }
    }

    @Override
    public void refused(Refused answer) {
        Owner told = owner;
        owner = null;
        if (told != null) {
            told.refused(answer);
        }
    }

    @Override
    public void ended(CloseReason reason) {
        Owner told = owner;
        if (told != null && opened) {
            told.ended(reason);
        } else if (told != null) {
            owner = null;
            told.failed(reason);
        }
    }

    @Override
    public void reusable() {
        detach();
        owner = null;
        idleSince = now();
        pool.returned(this);
    }

    @Override
    public void dial(Open open) {
        throw new IllegalStateException("a client does not dial");
    }

    @Override
    public void cancelDial() {
        throw new IllegalStateException("a client does not dial");
    }

    @Override
    void countSent(int bytes) {
        Objects.requireNonNull(owner).countOut(bytes);
    }

    @Override
    void countReceived(int bytes) {
        Objects.requireNonNull(owner).countIn(bytes);
    }

    @Override
    void legClosed() {}

    @Override
    void misbehaved(FrameFault fault, String detail) {
        log.atWarn()
                .addKeyValue("peer", key.agent())
                .addKeyValue("fault", fault)
                .addKeyValue("detail", detail)
                .log("the other agent broke the protocol; connection closed");
    }

    @Override
    void ticked(long now) {
        if (owner == null && machine.isIdle() && now - idleSince >= BURST_NANOS) {
            pool.aged(this);
        }
    }

    @Override
    void gone() {
        pool.gone(this);
    }
}
