package io.culvert.testbed.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rounds of Serf and of Culvert in turn, and their medians as ratios. Wants a network namespace of its own with nothing
 * but a loopback device in it, because it counts that device's bytes and takes 127.20.0.0/16.
 */
public final class PeersBenchmark {
    private static final int POOL_KEY_BYTES = 32;
    /** Serf takes AES-128 and AES-256; the same strength for both. */
    private static final int SERF_KEY_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, List<Map<Measure, Double>>> results = new LinkedHashMap<>();
    private final List<String> java;
    private final Path work;

    private PeersBenchmark(List<String> java, Path work) {
        this.java = java;
        this.work = work;
    }

    /** Arguments: members, rounds, seconds of the steady window, then the command that starts a {@link PoolMember}. */
    public static void main(String[] arguments) throws IOException {
        int members = Integer.parseInt(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Duration steady = Duration.ofSeconds(Long.parseLong(arguments[2]));
        List<String> java = List.of(arguments).subList(3, arguments.length);
        PeersBenchmark benchmark = new PeersBenchmark(java, Files.createTempDirectory("culvert-peers"));
        Round.Plan plan = new Round.Plan(members, Duration.ofSeconds(15), steady);
        for (int round = 0; round < rounds; round++) {
            benchmark.play("serf", benchmark.serf(), plan);
            benchmark.play("culvert", benchmark.culvert(round), plan);
        }
        benchmark.print();
    }

    private void play(String kind, Round.Launcher launcher, Round.Plan plan) throws IOException {
        Map<Measure, Double> figures = new Round(launcher, plan).run();
        results.computeIfAbsent(kind, unused -> new ArrayList<>()).add(figures);
        System.err.printf(Locale.ROOT, "%s: %s%n", kind, figures);
    }

    private String key(int bytes) {
        byte[] key = new byte[bytes];
        random.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private static String address(int number) {
        return "127.20." + (number >> 8) + "." + (number & 0xff);
    }

    private Round.Launcher serf() {
        String key = key(SERF_KEY_BYTES);
        return new Round.Launcher() {
            @Override
            public Contestant launch(int number) throws IOException {
                return new SerfContestant("n-" + number, address(number), key);
            }

            @Override
            public void prepare(List<Contestant> members) throws IOException {
                for (Contestant member : members) {
                    if (member instanceof SerfContestant serf) {
                        serf.connect();
                    }
                }
            }
        };
    }

    private Round.Launcher culvert(int round) {
        String key = key(POOL_KEY_BYTES);
        return new Round.Launcher() {
            @Override
            public Contestant launch(int number) throws IOException {
                Path data = work.resolve(round + "-" + number);
                Files.createDirectories(data);
                return new CulvertContestant("n-" + number, address(number), java, data.toString(), key);
            }

            @Override
            public void prepare(List<Contestant> members) {
                // Commands go through a pipe that is there from the start.
            }
        };
    }

    private void print() {
        for (Measure measure : Measure.values()) {
            double serf = median("serf", measure);
            double culvert = median("culvert", measure);
            System.out.printf(
                    Locale.ROOT,
                    "%s: serf %s, culvert %s, ratio %.2f%n",
                    measure.text(),
                    described("serf", measure),
                    described("culvert", measure),
                    culvert / serf);
        }
    }

    private double median(String kind, Measure measure) {
        return Round.median(values(kind, measure));
    }

    private double[] values(String kind, Measure measure) {
        return results.getOrDefault(kind, List.of()).stream()
                .mapToDouble(figures -> figures.getOrDefault(measure, Double.NaN))
                .sorted()
                .toArray();
    }

    private String described(String kind, Measure measure) {
        double[] values = values(kind, measure);
        return String.format(
                Locale.ROOT, "%.3g (%.3g .. %.3g)", median(kind, measure), values[0], values[values.length - 1]);
    }
}
