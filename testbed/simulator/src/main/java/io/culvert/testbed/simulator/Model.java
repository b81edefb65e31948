package io.culvert.testbed.simulator;

import io.culvert.gossip.membership.SwimSettings;
import java.time.Duration;

/** What theory says of a pool; the figures are read beside it. Times in seconds. */
final class Model {
    private static final double NANOS = 1e9;
    /** A probe fails and is given up: the rest of the interval in which the host died, then the deadline. */
    private static final double TO_FIRST_FAILED_PROBE = 2;
    /** Envelope, UDP and IPv4. */
    private static final double PACKET_OVERHEAD = 54 + Measurements.DATAGRAM_HEADERS;

    private static final double PING = 51;
    private static final double ACK = 91;
    /** Both sides of one that finds no difference: hellos, request, own word, query of the root, ends. */
    private static final double COMPARISON = 400;
    /** Head, and one check's status. */
    private static final double STATUS_CHANGE = 119;

    private static final double GOOD_NEWS_COPIES = 6;

    private final SwimSettings settings;
    private final int members;
    private final double loss;

    Model(SwimSettings settings, int members, double loss) {
        this.settings = settings;
        this.members = members;
        this.loss = loss;
    }

    /** One e-fold of an unsynchronised push to f at each tick, of whose packets the share {@code loss} is lost. */
    private double fold() {
        double interval = seconds(settings.spread().interval());
        return interval / (settings.spread().fanout() * (1 - loss));
    }

    /** Until half of the members know one change: growth by e in each fold. */
    double half() {
        return fold() * Math.log(members);
    }

    /** Until 99 of 100 know it: from there the logistic curve. */
    double mostly() {
        return half() + 4.6 * fold();
    }

    /** Until the last one knows it, as far as the push reaches everybody. */
    double all() {
        return 2 * fold() * Math.log(members);
    }

    /** The shortest suspicion: what confirmed suspicions of a dead host last. */
    double shortestSuspicion() {
        double scale = Math.max(1, Math.log10(members));
        return settings.suspicion().multiplier()
                * scale
                * seconds(settings.probe().interval());
    }

    /** From the crash until somebody holds it for dead. */
    double detection() {
        return TO_FIRST_FAILED_PROBE * seconds(settings.probe().interval()) + shortestSuspicion();
    }

    /** Bytes a second that one agent sends when nothing happens: a probe, an answer, and its comparisons. */
    double bytesInPeace() {
        return 2 * PACKET_OVERHEAD
                + PING
                + ACK
                + COMPARISON / seconds(settings.spread().antiEntropyInterval());
    }

    /**
     * Bytes a second that one agent sends more for so many health changes a second in the whole pool, half of them bad
     * news. Few changes travel alone in their packets, many share them.
     */
    double rumourBytes(double changes) {
        double copies = changes * (GOOD_NEWS_COPIES + badNewsCopies()) / 2;
        double packets = settings.spread().fanout() / seconds(settings.spread().interval());
        double used = packets * (1 - Math.exp(-copies / packets));
        return copies * STATUS_CHANGE + used * PACKET_OVERHEAD;
    }

    private double badNewsCopies() {
        return Math.max(GOOD_NEWS_COPIES, Math.min(8, 4 * Math.ceil(Math.log10(members + 1.0))));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }
}
