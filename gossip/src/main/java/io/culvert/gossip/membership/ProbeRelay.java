package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Peer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Pings for others. Only members are pinged, at the address in the own table, so that nobody can make this host scan.
 * At 80 % of the asker's wait a helper that has no answer says so: a nack at the very end would come too late to tell the
 * asker that its own network is well.
 *
 * <p>Bounded: so many errands at once, so many new ones a second, and no longer than an honest asker waits. Over the bound
 * the asker is told at once, which for it is a helper in good health that knows no better.
 */
final class ProbeRelay {
    /** Twenty times what an honest pool asks of one helper. */
    static final int MOST = 256;
    /** An honest pool that loses every fourth packet asks a helper less than once in a second. */
    private static final double A_SECOND = 64;

    private final MemberTable table;
    private final TimerQueue timers;
    private final MembershipPort port;
    private final RandomGenerator random;
    private final Prober.Surroundings surroundings;
    private final long longestWaitNanos;
    private final TokenBucket allowance = new TokenBucket(A_SECOND, MOST, 0);
    private final Map<Long, Errand> errands = new LinkedHashMap<>();

    ProbeRelay(SwimSettings.Probe settings, MemberTable table, TimerQueue timers, Prober.Outside outside) {
        this.table = table;
        this.timers = timers;
        this.port = outside.port();
        this.random = outside.random();
        this.surroundings = outside.surroundings();
        this.longestWaitNanos = settings.interval().toNanos() * (settings.maxHealthScore() + 1);
    }

    private static final class Errand {
        final Peer asker;
        final long askersNonce;
        final Member target;
        final Frame.Ping ping;
        boolean repeated;
        boolean answered;

        Errand(Peer asker, long askersNonce, Member target, Frame.Ping ping) {
            this.asker = asker;
            this.askersNonce = askersNonce;
            this.target = target;
            this.ping = ping;
        }
    }

    void onRequest(Peer asker, Frame.PingRequest request, long now) {
        Member target = table.find(request.target());
        if (target == null) {
            port.send(asker, List.of(new Frame.Nack(request.nonce())));
        } else if (!isMember(table.find(asker.id())) || errands.size() >= MOST || !allowance.tryTake(1, now)) {
            port.noticed(new MembershipPort.RelayFull(asker.id()));
            port.send(asker, List.of(new Frame.Nack(request.nonce())));
        } else {
            run(asker, request, target, now);
        }
    }

    private static boolean isMember(@Nullable Member asker) {
        return asker != null && asker.standing.isPresent();
    }

    private void run(Peer asker, Frame.PingRequest request, Member target, long now) {
        long nonce = random.nextLong();
        Errand errand = new Errand(asker, request.nonce(), target, surroundings.ping(nonce, target));
        errands.put(nonce, errand);
        long wait = Math.min(longestWaitNanos, request.deadlineMillis() * 1_000_000L);
        timers.at(now + wait / 10 * 8, at -> nack(nonce));
        timers.at(now + wait, at -> errands.remove(nonce));
        port.send(target.peer(), List.of(errand.ping));
    }

    void onAck(NodeId from, Frame.Ack ack) {
        Errand errand = errands.get(ack.nonce());
        if (errand != null
                && !errand.answered
                && errand.target.id().equals(from)
                && ack.responder().equals(from)) {
            // It stays until its deadline: its timers do so too, and the bound of errands is theirs.
            errand.answered = true;
            port.send(errand.asker, List.of(ack.under(errand.askersNonce)));
        }
    }

    /**
     * A target that does not know our session yet wants the question again, with the sign of life that every packet to
     * it now carries.
     *
     * @return whether there was a question to repeat
     */
    boolean repeat(NodeId target) {
        for (Errand errand : errands.values()) {
            if (errand.target.id().equals(target) && !errand.repeated && !errand.answered) {
                errand.repeated = true;
                port.send(errand.target.peer(), List.of(errand.ping));
                return true;
            }
        }
        return false;
    }

    Size size() {
        return new Size("probes for others", errands.size(), MOST);
    }

    void clear() {
        errands.clear();
    }

    int errands() {
        return errands.size();
    }

    // The errand stays until the asker's deadline: a late answer is still handed on.
    private void nack(long nonce) {
        Errand errand = errands.get(nonce);
        if (errand != null && !errand.answered) {
            port.send(errand.asker, List.of(new Frame.Nack(errand.askersNonce)));
        }
    }
}
