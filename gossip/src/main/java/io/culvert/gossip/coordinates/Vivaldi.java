package io.culvert.gossip.coordinates;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Coordinate;
import java.util.random.RandomGenerator;

/**
 * This host's network coordinate. Every round trip pulls it towards, or pushes it away from, the peer like a spring whose
 * rest length is the round trip (Dabek et al., "Vivaldi", SIGCOMM 2004, section 3.4); with height (section 5.4), an
 * adjustment for what the space cannot show and a slight pull to the origin, which keeps the whole pool from drifting
 * away (Ledlie et al., NSDI 2007). The constants are Serf's.
 *
 * <p>A peer may lie about its place and delay its answers. So no sample moves this host further than its round trip is
 * long, nor by more than {@link #LONGEST_STEP_SECONDS}; one that contradicts what was learned counts the less the more it
 * does; and no peer is believed to know its own place perfectly. Honest samples seldom meet these bounds.
 */
public final class Vivaldi {
    private static final double NANOS_A_SECOND = 1e9;
    /** Share of a new sample in the error estimate, and of the force in the movement. */
    private static final double ERROR_WEIGHT = 0.25;

    private static final double FORCE_WEIGHT = 0.25;
    private static final int ADJUSTMENT_WINDOW = 20;
    private static final double GRAVITY_RHO = 150;
    private static final double LONGEST_ROUND_TRIP_SECONDS = 10;
    private static final double TINY_SECONDS = 1e-6;
    /** A quarter of a round trip of 400 ms: what an honest sample moves at most, but for satellites. */
    static final double LONGEST_STEP_SECONDS = 0.1;
    /** Between hosts on one switch honest estimates settle at a few per cent. */
    private static final double LEAST_ERROR_BELIEVED = 0.001;

    private final RandomGenerator random;
    private final LatencyFilter filter = new LatencyFilter();
    private final double[] place = new double[Coordinate.DIMENSIONS];
    private final double[] lately = new double[ADJUSTMENT_WINDOW];
    private double height = Coordinate.LEAST_HEIGHT;
    private double adjustment;
    private double error = Coordinate.GREATEST_ERROR;
    private int samples;
    private Coordinate current = Coordinate.ORIGIN;

    /** @param random for directions when two hosts are on one spot; may be predictable */
    public Vivaldi(RandomGenerator random) {
        this.random = random;
    }

    /** Where this host is now. */
    public Coordinate coordinate() {
        return current;
    }

    /**
     * A round trip to {@code peer}, which said that it is at {@code theirs}.
     *
     * @return whether it was believed: negative and absurdly long ones are not
     */
    public boolean onRoundTrip(NodeId peer, Coordinate theirs, long nanos) {
        double seconds = nanos / NANOS_A_SECOND;
        if (seconds < 0 || seconds > LONGEST_ROUND_TRIP_SECONDS) {
            return false;
        }
        double roundTrip = Math.max(TINY_SECONDS, filter.filter(peer, seconds));
        pull(theirs, roundTrip);
        adjust(theirs, roundTrip);
        towardsOrigin();
        return true;
    }

    private void pull(Coordinate theirs, double roundTrip) {
        double distance = current.distanceSeconds(theirs);
        double wrong = Math.abs(distance - roundTrip) / roundTrip;
        double longest = Math.min(roundTrip, LONGEST_STEP_SECONDS) / Math.max(1, wrong);
        double theirError = clamp(theirs.error(), LEAST_ERROR_BELIEVED, Coordinate.GREATEST_ERROR);
        double weight = error / (error + theirError);
        error = clamp(
                ERROR_WEIGHT * weight * Math.min(1, wrong) + error * (1 - ERROR_WEIGHT * weight),
                TINY_SECONDS,
                Coordinate.GREATEST_ERROR);
        move(theirs, FORCE_WEIGHT * weight * (roundTrip - distance), longest);
    }

    // The average error of late, halved, because the other side corrects the other half.
    private void adjust(Coordinate theirs, double roundTrip) {
        double missing = roundTrip - current.rawDistanceSeconds(theirs);
        lately[samples % ADJUSTMENT_WINDOW] = clamp(missing, -roundTrip, roundTrip);
        samples++;
        double sum = 0;
        for (double sample : lately) {
            sum += sample;
        }
        adjustment = clamp(sum / (2 * ADJUSTMENT_WINDOW), -LONGEST_ROUND_TRIP_SECONDS, LONGEST_ROUND_TRIP_SECONDS);
        publish();
    }

    private void towardsOrigin() {
        double share = current.distanceSeconds(Coordinate.ORIGIN) / GRAVITY_RHO;
        move(Coordinate.ORIGIN, -share * share, LONGEST_STEP_SECONDS);
    }

    /** Moves away from {@code from} by {@code force}, or towards it when that is negative; at most by {@code longest}. */
    private void move(Coordinate from, double force, double longest) {
        double step = clamp(force, -longest, longest);
        double[] direction = new double[Coordinate.DIMENSIONS];
        double apart = directionFrom(from.place(), direction);
        for (int i = 0; i < place.length; i++) {
            place[i] = clamp(place[i] + direction[i] * step, -Coordinate.FARTHEST_SECONDS, Coordinate.FARTHEST_SECONDS);
        }
        if (apart > TINY_SECONDS) {
            double both = height + clamp(from.height(), Coordinate.LEAST_HEIGHT, Coordinate.FARTHEST_SECONDS);
            double lift = clamp(both * step / apart, -longest, longest);
            height = clamp(height + lift, Coordinate.LEAST_HEIGHT, Coordinate.FARTHEST_SECONDS);
        }
        publish();
    }

    /** Fills in the unit vector from {@code from} to here; the length that it had, 0 when it was drawn by chance. */
    private double directionFrom(float[] from, double[] direction) {
        double length = 0;
        for (int i = 0; i < direction.length; i++) {
            direction[i] = place[i] - from[i];
            length += direction[i] * direction[i];
        }
        length = StrictMath.sqrt(length);
        double apart = length;
        while (length <= TINY_SECONDS) {
            apart = 0;
            length = 0;
            for (int i = 0; i < direction.length; i++) {
                direction[i] = random.nextDouble() - 0.5;
                length += direction[i] * direction[i];
            }
            length = StrictMath.sqrt(length);
        }
        for (int i = 0; i < direction.length; i++) {
            direction[i] /= length;
        }
        return apart;
    }

    private void publish() {
        float[] rounded = new float[place.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) place[i];
        }
        current = new Coordinate(rounded, (float) height, (float) adjustment, (float) error);
    }

    private static double clamp(double value, double least, double most) {
        return Math.max(least, Math.min(most, value));
    }
}
