package io.culvert.health.core;

import java.time.Duration;
import java.util.Locale;

/** Durations as Consul's messages write them: {@code 500ms}, {@code 1.5s}, {@code 30s}, {@code 1m30s}, {@code 2h0m0s}. */
public final class GoDuration {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private GoDuration() {}

    /** @param duration not negative; read to the millisecond */
    public static String text(Duration duration) {
        long millis = duration.toNanos() / NANOS_PER_MILLI;
        if (millis < 1_000) {
            return millis + "ms";
        }
        long hours = millis / 3_600_000;
        long minutes = millis / 60_000 % 60;
        String seconds = seconds(millis % 60_000);
        if (hours > 0) {
            return hours + "h" + minutes + "m" + seconds;
        }
        return minutes > 0 ? minutes + "m" + seconds : seconds;
    }

    private static String seconds(long millis) {
        return trimmed(millis / 1_000 + "." + String.format(Locale.ROOT, "%03d", millis % 1_000)) + "s";
    }

    private static String trimmed(String decimal) {
        int end = decimal.length();
        while (decimal.charAt(end - 1) == '0') {
            end--;
        }
        return decimal.substring(0, decimal.charAt(end - 1) == '.' ? end - 1 : end);
    }
}
