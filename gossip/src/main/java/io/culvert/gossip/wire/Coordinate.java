package io.culvert.gossip.wire;

import java.time.Duration;
import java.util.Arrays;

/**
 * A place in Vivaldi's space (8 dimensions), the height above it, the correction that its owner found necessary, and the
 * error of the estimate; seconds, 44 bytes. Values that are not finite, or absurd, are refused on reading: one bad peer
 * must not drag the others about.
 */
public final class Coordinate {
    public static final int DIMENSIONS = 8;
    public static final int BYTES = 4 * (DIMENSIONS + 3);
    /** Ten seconds one way is further than any network we can probe in. */
    public static final float FARTHEST_SECONDS = 10f;
    /** The least height: what a packet needs to leave any host. */
    public static final float LEAST_HEIGHT = 10e-6f;
    /** Knows nothing: an estimate may be wrong by half as much again as it says. */
    public static final float GREATEST_ERROR = 1.5f;
    /** The middle of the space, at the greatest error: what a newcomer says. */
    public static final Coordinate ORIGIN = new Coordinate(new float[DIMENSIONS], LEAST_HEIGHT, 0, GREATEST_ERROR);

    private static final double NANOS_A_SECOND = 1e9;

    private final float[] place;
    private final float height;
    private final float adjustment;
    private final float error;

    public Coordinate(float[] place, float height, float adjustment, float error) {
        if (place.length != DIMENSIONS) {
            throw new IllegalArgumentException("coordinate: " + place.length + " dimensions (expected: 8)");
        }
        this.place = place.clone();
        this.height = height;
        this.adjustment = adjustment;
        this.error = error;
    }

    static Coordinate read(WireReader in) throws MalformedFrame {
        float[] place = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            place[i] = read(in, -FARTHEST_SECONDS);
        }
        return new Coordinate(place, read(in, 0), read(in, -FARTHEST_SECONDS), read(in, 0));
    }

    private static float read(WireReader in, float least) throws MalformedFrame {
        float value = Float.intBitsToFloat((int) in.u32("coordinate"));
        // Written so that NaN fails it.
        if (!(value >= least && value <= FARTHEST_SECONDS)) {
            throw new MalformedFrame(MalformedFrame.Reason.INVALID, "coordinate");
        }
        return value;
    }

    void write(WireWriter out) {
        for (float value : place) {
            write(out, value);
        }
        write(out, height);
        write(out, adjustment);
        write(out, error);
    }

    private static void write(WireWriter out, float value) {
        out.u32(Integer.toUnsignedLong(Float.floatToIntBits(value)));
    }

    public float[] place() {
        return place.clone();
    }

    public float height() {
        return height;
    }

    /** What is added to a distance from here, because the space cannot show it; may be negative. */
    public float adjustment() {
        return adjustment;
    }

    public float error() {
        return error;
    }

    /** The round trip that the two places, their heights and adjustments foretell; never negative. */
    public Duration distanceTo(Coordinate other) {
        return Duration.ofNanos(Math.round(distanceSeconds(other) * NANOS_A_SECOND));
    }

    /** As {@link #distanceTo}. Adjustments that would make it negative are left out. */
    public double distanceSeconds(Coordinate other) {
        double raw = rawDistanceSeconds(other);
        double adjusted = raw + adjustment + other.adjustment;
        return adjusted > 0 ? adjusted : raw;
    }

    /** Without adjustments. */
    public double rawDistanceSeconds(Coordinate other) {
        double sum = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            double apart = (double) place[i] - other.place[i];
            sum += apart * apart;
        }
        return StrictMath.sqrt(sum) + height + other.height;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Coordinate that
                && Arrays.equals(place, that.place)
                && Float.compare(height, that.height) == 0
                && Float.compare(adjustment, that.adjustment) == 0
                && Float.compare(error, that.error) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(place) + Float.hashCode(height)) + Float.hashCode(error);
    }

    @Override
    public String toString() {
        return Arrays.toString(place) + " height " + height + " adjustment " + adjustment + " error " + error;
    }
}
