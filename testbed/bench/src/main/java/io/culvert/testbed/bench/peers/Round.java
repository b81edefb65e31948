package io.culvert.testbed.bench.peers;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One pool from its first process to its last, measured on the way. */
final class Round {
    private static final Duration CAP = Duration.ofSeconds(180);
    private static final int CHANGES = 7;
    private static final int VICTIMS = 3;
    private static final double NANOS_A_MILLI = 1e6;
    private static final double NANOS_A_SECOND = 1e9;
    private static final double BYTES_A_MEGABYTE = 1 << 20;

    private final Map<Measure, Double> figures = new EnumMap<>(Measure.class);
    private final Launcher launcher;
    private final Plan plan;
    private final List<Contestant> members = new ArrayList<>();

    /** Starts members of one kind. */
    interface Launcher {
        Contestant launch(int number) throws IOException;

        /** All are ready: what has to stand before time counts. */
        void prepare(List<Contestant> members) throws IOException;
    }

    /**
     * @param members in all
     * @param settle how long nothing is measured after the join
     * @param steady how long CPU time and bytes are counted
     */
    record Plan(int members, Duration settle, Duration steady) {}

    Round(Launcher launcher, Plan plan) {
        this.launcher = launcher;
        this.plan = plan;
    }

    Map<Measure, Double> run() throws IOException {
        try {
            start();
            join();
            rest(plan.settle());
            spread();
            steady();
            detect();
            return figures;
        } finally {
            members.forEach(Contestant::close);
        }
    }

    private void start() throws IOException {
        long begin = System.nanoTime();
        for (int i = 1; i <= plan.members(); i++) {
            Contestant member = launcher.launch(i);
            members.add(member);
            member.listen();
        }
        long ready = last(members, "ready");
        figures.put(Measure.START, (ready - begin) / NANOS_A_MILLI);
        launcher.prepare(members);
    }

    private void join() throws IOException {
        Contestant first = members.get(0);
        long begin = System.nanoTime();
        for (Contestant member : members) {
            if (member != first) {
                member.join(first.address());
            }
        }
        long last = begin;
        for (Contestant member : members) {
            for (Contestant other : members) {
                if (other != member) {
                    last = Math.max(last, heard(member, "member " + other.name()));
                }
            }
        }
        figures.put(Measure.JOIN, (last - begin) / NANOS_A_MILLI);
    }

    private void spread() throws IOException {
        double[] half = new double[CHANGES];
        double[] all = new double[CHANGES];
        for (int i = 0; i < CHANGES; i++) {
            Contestant origin = members.get(i * members.size() / CHANGES);
            String mark = "mark-" + i;
            origin.change(mark);
            long begin = heard(origin, "change " + mark);
            long[] others = members.stream()
                    .filter(member -> member != origin)
                    .mapToLong(member -> heard(member, "change " + mark))
                    .sorted()
                    .toArray();
            half[i] = (others[others.length / 2] - begin) / NANOS_A_MILLI;
            all[i] = (others[others.length - 1] - begin) / NANOS_A_MILLI;
            rest(Duration.ofSeconds(3));
        }
        figures.put(Measure.SPREAD_HALF, median(half));
        figures.put(Measure.SPREAD_ALL, median(all));
    }

    private void steady() throws IOException {
        Duration cpuBefore = cpu();
        long bytesBefore = ProcessFigures.loopbackBytes();
        long begin = System.nanoTime();
        rest(plan.steady());
        double agentSeconds = (System.nanoTime() - begin) / NANOS_A_SECOND * members.size();
        figures.put(Measure.BYTES, (ProcessFigures.loopbackBytes() - bytesBefore) / agentSeconds);
        figures.put(Measure.CPU, cpu().minus(cpuBefore).toMillis() / agentSeconds);
        figures.put(Measure.RSS, memory("Rss"));
        figures.put(Measure.PSS, memory("Pss"));
    }

    private Duration cpu() throws IOException {
        Duration sum = Duration.ZERO;
        for (Contestant member : members) {
            sum = sum.plus(member.cpu());
        }
        return sum;
    }

    private double memory(String field) throws IOException {
        double sum = 0;
        for (Contestant member : members) {
            sum += ProcessFigures.memory(member.process().pid(), field);
        }
        return sum / members.size() / BYTES_A_MEGABYTE;
    }

    private void detect() {
        double[] first = new double[VICTIMS];
        double[] all = new double[VICTIMS];
        for (int i = 0; i < VICTIMS; i++) {
            Contestant victim = members.remove(members.size() - 1);
            long begin = System.nanoTime();
            victim.close();
            long[] others = members.stream()
                    .mapToLong(member -> heard(member, "failed " + victim.name()))
                    .sorted()
                    .toArray();
            first[i] = (others[0] - begin) / NANOS_A_SECOND;
            all[i] = (others[others.length - 1] - begin) / NANOS_A_SECOND;
        }
        figures.put(Measure.DETECTION_FIRST, median(first));
        figures.put(Measure.DETECTION_ALL, median(all));
    }

    private static long last(List<Contestant> members, String event) {
        return members.stream().mapToLong(member -> heard(member, event)).max().orElseThrow();
    }

    private static long heard(Contestant member, String event) {
        long end = System.nanoTime() + CAP.toNanos();
        while (System.nanoTime() < end) {
            OptionalLong at = member.heard(event);
            if (at.isPresent()) {
                return at.getAsLong();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        throw new IllegalStateException(member.name() + " did not say '" + event + "' within " + CAP.toSeconds()
                + " s; it said last: " + member.lastLines());
    }

    private static void rest(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
