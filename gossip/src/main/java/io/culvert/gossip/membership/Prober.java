package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.Frame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Probes one member in each interval: a direct ping; after the timeout helpers and a stream; at the deadline the verdict.
 * The deadline grows with the own ill health (Lifeguard), the timeout does not (as in memberlist).
 */
final class Prober {
    /** What the prober needs of the membership around it. */
    interface Surroundings {
        Frame.Ping ping(long nonce, Member target);

        void unanswered(Member target, long now);

        /** A direct answer came back in time. */
        void measured(NodeId peer, Coordinate coordinate, long roundTripNanos);

        /** {@code target} itself answered. */
        void answered(Member target, Frame.Ack ack, long now);
    }

    private final SwimSettings.Probe settings;
    private final MemberTable table;
    private final ProbeOrder order;
    private final LocalHealth health;
    private final TimerQueue timers;
    private final MembershipPort port;
    private final RandomGenerator random;
    private final Surroundings surroundings;
    private @Nullable Probe current;

    Prober(SwimSettings.Probe settings, Roll roll, LocalHealth health, TimerQueue timers, Outside outside) {
        this.settings = settings;
        this.table = roll.table();
        this.order = roll.order();
        this.health = health;
        this.timers = timers;
        this.port = outside.port();
        this.random = outside.random();
        this.surroundings = outside.surroundings();
    }

    /** Who there is and whose turn it is. */
    record Roll(MemberTable table, ProbeOrder order) {}

    /** Everything that is not the prober's own. */
    record Outside(MembershipPort port, RandomGenerator random, Surroundings surroundings) {}

    private static final class Probe {
        final Member target;
        final Frame.Ping ping;
        final long deadline;
        final Set<NodeId> helpers = new HashSet<>();
        final Set<NodeId> nacked = new HashSet<>();
        long sentAt;
        boolean asked;
        boolean answered;
        boolean repeated;
        boolean excused;

        Probe(Member target, Frame.Ping ping, long sentAt, long deadline) {
            this.target = target;
            this.ping = ping;
            this.sentAt = sentAt;
            this.deadline = deadline;
        }
    }

    /** Begins the endless round. */
    void start(long now) {
        // The first one by chance: a pool that is started at once must not probe in step.
        timers.at(now + random.nextLong(settings.interval().toNanos()), this::tick);
    }

    /** We were not there, or late: if the probe that is under way fails, it was us. */
    void excuse() {
        Probe probe = current;
        if (probe != null) {
            probe.excused = true;
        }
    }

    private void tick(long now) {
        Member target = order.next(table);
        if (target == null) {
            current = null;
            timers.at(now + settings.interval().toNanos(), this::tick);
            return;
        }
        long deadline = now + health.scaled(settings.interval().toNanos());
        Probe probe = new Probe(target, surroundings.ping(random.nextLong(), target), now, deadline);
        current = probe;
        timers.at(now + settings.timeout().toNanos(), at -> askHelpers(probe, at));
        timers.at(now + settings.interval().toNanos(), at -> endOfInterval(probe, at));
        send(probe);
    }

    private void send(Probe probe) {
        List<Frame> frames = new ArrayList<>(2);
        frames.add(probe.ping);
        // Lifeguard's buddy system: the accused hears of the accusation with the next probe, not by luck.
        if (probe.target.standing == Standing.SUSPECT) {
            frames.add(probe.target.word.frame());
        }
        port.send(probe.target.peer(), frames);
    }

    /**
     * The target wants a sign of life of our session before it answers; every packet to it now carries one.
     *
     * @return whether there was a question to repeat
     */
    boolean repeat(NodeId target, long now) {
        Probe probe = current;
        if (probe == null
                || probe.answered
                || probe.repeated
                || !probe.target.id().equals(target)) {
            return false;
        }
        probe.repeated = true;
        probe.sentAt = now;
        port.send(probe.target.peer(), List.of(probe.ping));
        return true;
    }

    private void askHelpers(Probe probe, long now) {
        if (!isOpen(probe)) {
            return;
        }
        probe.asked = true;
        long waitMillis = Math.max(1, (probe.deadline - now) / 1_000_000);
        Frame.PingRequest request =
                new Frame.PingRequest(probe.ping.nonce(), probe.target.id(), (int) Math.min(0xffff, waitMillis));
        for (Member helper : table.draw(
                settings.helpers(),
                member -> member.standing == Standing.ALIVE && !member.id().equals(probe.target.id()),
                random)) {
            probe.helpers.add(helper.id());
            port.send(helper.peer(), List.of(request));
        }
        port.pingByStream(probe.target.peer(), probe.ping);
    }

    /** By datagram, from the target itself or handed on by a helper. */
    void onAck(NodeId from, Frame.Ack ack, long now) {
        Probe probe = current;
        if (probe == null
                || probe.answered
                || ack.nonce() != probe.ping.nonce()
                || !ack.responder().equals(probe.target.id())) {
            return;
        }
        boolean direct = from.equals(probe.target.id());
        if (!direct && !probe.helpers.contains(from)) {
            return;
        }
        probe.answered = true;
        health.probeAnswered();
        probe.target.placed(ack.coordinate(), now);
        probe.target.onlyByStream = false;
        if (direct) {
            surroundings.answered(probe.target, ack, now);
        }
        if (direct && !probe.asked && !probe.excused) {
            probe.target.roundTripNanos = now - probe.sentAt;
            surroundings.measured(from, ack.coordinate(), now - probe.sentAt);
            port.noticed(new MembershipPort.Probed(from, now - probe.sentAt));
        }
    }

    /** The same answer by stream: the member lives, its datagrams are lost. */
    void onStreamAck(NodeId from, Frame.Ack ack, long now) {
        Probe probe = current;
        if (probe != null && !probe.answered && ack.nonce() == probe.ping.nonce() && from.equals(probe.target.id())) {
            probe.answered = true;
            probe.target.heard(now);
            probe.target.onlyByStream = true;
            health.probeAnswered();
            port.noticed(new MembershipPort.OnlyByStream(from));
        }
    }

    void onNack(NodeId from, Frame.Nack nack) {
        Probe probe = current;
        if (probe != null && nack.nonce() == probe.ping.nonce() && probe.helpers.contains(from)) {
            probe.nacked.add(from);
        }
    }

    private void endOfInterval(Probe probe, long now) {
        if (!isOpen(probe) || now >= probe.deadline) {
            conclude(probe, now);
        } else {
            timers.at(probe.deadline, at -> conclude(probe, at));
        }
    }

    private void conclude(Probe probe, long now) {
        boolean failed = isOpen(probe);
        if (failed && !probe.excused) {
            health.probeFailed(probe.helpers.size(), probe.nacked.size());
            surroundings.unanswered(probe.target, now);
        }
        tick(now);
    }

    private boolean isOpen(Probe probe) {
        return current == probe && !probe.answered && probe.target.standing.isPresent();
    }
}
