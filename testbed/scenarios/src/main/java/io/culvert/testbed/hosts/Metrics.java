package io.culvert.testbed.hosts;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An agent's counters at one moment, as Prometheus reads them. */
public final class Metrics {
    private static final Pattern LINE = Pattern.compile("([a-z_]+(?:\\{[^}]*\\})?) ([-+.0-9eE]+|NaN)");

    private final Map<String, Double> series = new HashMap<>();

    private Metrics() {}

    static Metrics parse(String text) {
        Metrics metrics = new Metrics();
        text.lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                metrics.series.put(matcher.group(1), Double.valueOf(matcher.group(2)));
            }
        });
        return metrics;
    }

    /** A counter with one label; 0 when it never counted. */
    public long count(String name, String label, String value) {
        return series.getOrDefault(name + "{" + label + "=\"" + value + "\"}", 0.0)
                .longValue();
    }

    /** A counter without labels; 0 when it never counted. */
    public long count(String name) {
        return series.getOrDefault(name, 0.0).longValue();
    }

    /** Whether there is any series of that name. */
    public boolean has(String name) {
        return series.keySet().stream().anyMatch(key -> key.equals(name) || key.startsWith(name + "{"));
    }
}
