package io.culvert.catalog;

/** Share of traffic while passing and while warning: 1 to 65535 and 0 to 65535. */
public record Weights(int passing, int warning) {
    public static final Weights DEFAULT = new Weights(1, 1);

    public Weights {
        if (passing < 1 || passing > 65_535 || warning < 0 || warning > 65_535) {
            throw new IllegalArgumentException("weights: passing " + passing + ", warning " + warning
                    + " (expected: passing 1 to 65535, warning 0 to 65535)");
        }
    }
}
