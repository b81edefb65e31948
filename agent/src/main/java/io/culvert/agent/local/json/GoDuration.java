package io.culvert.agent.local.json;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, which is what Consul's clients send and expect: {@code 10s}, {@code 1m30s}, {@code 1.5h}. */
public final class GoDuration {
    private static final Pattern PART =
            Pattern.compile("(\\d{1,18}(?:\\.\\d{0,18})?|\\.\\d{1,18})(ns|us|µs|μs|ms|s|m|h)");
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /** Empty for text that Go would refuse (a number without unit), and for negative durations. */
    public static Optional<Duration> parse(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher part = PART.matcher(text);
        BigDecimal nanoseconds = BigDecimal.ZERO;
        int at = 0;
        while (at < text.length()) {
            if (!part.find() || part.start() != at) {
                return Optional.empty();
            }
            nanoseconds = nanoseconds.add(new BigDecimal(part.group(1)).multiply(unit(part.group(2))));
            at = part.end();
        }
        return at == 0 ? Optional.empty() : ofNanoseconds(nanoseconds);
    }

    static Optional<Duration> ofNanoseconds(BigDecimal nanoseconds) {
        return nanoseconds.signum() < 0 || nanoseconds.compareTo(LONGEST) > 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(nanoseconds.longValue()));
    }

    private static BigDecimal unit(String name) {
        return BigDecimal.valueOf(
                switch (name) {
                    case "ns" -> 1L;
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    default -> 1_000L;
                });
    }

    /** As Go's {@code Duration.String}: {@code 1m30s}, {@code 1h0m0s}, {@code 1.5s}, {@code 250ms}, {@code 0s}. */
    public static String format(Duration duration) {
        long nanoseconds = duration.toNanos();
        if (nanoseconds == 0) {
            return "0s";
        }
        if (nanoseconds < 1_000) {
            return nanoseconds + "ns";
        }
        if (nanoseconds < 1_000_000) {
            return plain(nanoseconds, 3) + "µs";
        }
        if (nanoseconds < 1_000_000_000) {
            return plain(nanoseconds, 6) + "ms";
        }
        long hours = duration.toHours();
        long minutes = duration.toMinutes() % 60;
        String seconds = plain(nanoseconds % 60_000_000_000L, 9) + "s";
        String front = hours > 0 ? hours + "h" + minutes + "m" : minutes > 0 ? minutes + "m" : "";
        return front + seconds;
    }

    private static String plain(long nanoseconds, int decimals) {
        BigDecimal value = BigDecimal.valueOf(nanoseconds, decimals).stripTrailingZeros();
        return value.toPlainString();
    }
}
