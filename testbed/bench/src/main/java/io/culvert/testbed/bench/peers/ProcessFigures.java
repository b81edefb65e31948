package io.culvert.testbed.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the kernel says of processes and of the network they share (proc(5)). */
final class ProcessFigures {
    /** USER_HZ, the same on every Linux that Java runs on. */
    private static final long TICKS_PER_SECOND = 100;

    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int TRANSMITTED_BYTES = 8;

    private ProcessFigures() {}

    /** User and system time of all threads, to 10 ms. */
    static Duration cpu(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        // After the name in parentheses, which may hold anything; the first field there is the third of proc(5).
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
        return Duration.ofMillis(ticks * 1_000 / TICKS_PER_SECOND);
    }

    /** Bytes of {@code field} (Rss: all that is resident; Pss: shared pages divided among those who share them). */
    static long memory(long pid, String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024;
            }
        }
        throw new IOException("no field " + field + " in /proc/" + pid + "/smaps_rollup");
    }

    /** Bytes that went over the loopback device of this network namespace, with IP and UDP or TCP headers. */
    static long loopbackBytes() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/net/dev"));
        for (String line : lines) {
            String[] parts = line.strip().split(":", 2);
            if (parts[0].equals("lo") && parts.length == 2) {
                return Long.parseLong(parts[1].strip().split(" +")[TRANSMITTED_BYTES]);
            }
        }
        throw new IOException("no device lo in /proc/net/dev");
    }
}
