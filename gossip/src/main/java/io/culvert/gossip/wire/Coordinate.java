package io.culvert.gossip.wire;

import java.util.Arrays;

/**
 * A place in Vivaldi's space (8 dimensions), the height above it and the error of the estimate; seconds, 40 bytes.
 * Values that are not finite, or absurd, are refused on reading: one bad peer must not drag the others about.
 */
public final class Coordinate {
    public static final int DIMENSIONS = 8;
    public static final int BYTES = 4 * (DIMENSIONS + 2);
    /** The middle of the space, at the greatest error: what a newcomer says. */
    public static final Coordinate ORIGIN = new Coordinate(new float[DIMENSIONS], 10e-6f, 1.5f);

    // Ten seconds one way is further than any network we can probe in.
    private static final float FARTHEST_SECONDS = 10f;

    private final float[] place;
    private final float height;
    private final float error;

    public Coordinate(float[] place, float height, float error) {
        if (place.length != DIMENSIONS) {
            throw new IllegalArgumentException("coordinate: " + place.length + " dimensions (expected: 8)");
        }
        this.place = place.clone();
        this.height = height;
        this.error = error;
    }

    static Coordinate read(WireReader in) throws MalformedFrame {
        float[] place = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            place[i] = read(in, -FARTHEST_SECONDS);
        }
        return new Coordinate(place, read(in, 0), read(in, 0));
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

    public float error() {
        return error;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Coordinate that
                && Arrays.equals(place, that.place)
                && Float.compare(height, that.height) == 0
                && Float.compare(error, that.error) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(place) + Float.hashCode(height)) + Float.hashCode(error);
    }

    @Override
    public String toString() {
        return Arrays.toString(place) + " height " + height + " error " + error;
    }
}
