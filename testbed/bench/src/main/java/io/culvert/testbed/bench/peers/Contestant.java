package io.culvert.testbed.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One member's process, of either kind. What it says is stamped when it is read here, by the same clock for all; the first
 * time that something is said counts.
 */
abstract class Contestant implements AutoCloseable {
    private static final int LINES_KEPT = 5;

    private final String name;
    private final String address;
    private final Process process;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final Map<String, Long> heard = new ConcurrentHashMap<>();

    Contestant(String name, String address, List<String> command) throws IOException {
        this.name = name;
        this.address = address;
        this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Starts to listen; called when the object is complete. */
    final void listen() {
        Thread listener = new Thread(this::read, name + "-lines");
        listener.setDaemon(true);
        listener.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                long now = System.nanoTime();
                remember(line);
                String event = event(line);
                if (event != null) {
                    heard.putIfAbsent(event, now);
                }
                line = lines.readLine();
            }
        } catch (IOException ended) {
            heard.putIfAbsent("end " + ended.getMessage(), System.nanoTime());
        }
    }

    private void remember(String line) {
        synchronized (lastLines) {
            if (lastLines.size() == LINES_KEPT) {
                lastLines.removeFirst();
            }
            lastLines.addLast(line);
        }
    }

    /** What it said last, for a person who wants to know why it did not say more. */
    final List<String> lastLines() {
        synchronized (lastLines) {
            return List.copyOf(lastLines);
        }
    }

    /** What {@code line} says, in the words {@code ready}, {@code member N}, {@code change M}, {@code failed N}; else null. */
    abstract @Nullable String event(String line);

    /** Asks the member at {@code other} for the pool; returns before the answer. */
    abstract void join(String other) throws IOException;

    /** Changes what this member tells the pool; everybody, itself included, will say {@code change MARK}. */
    abstract void change(String mark) throws IOException;

    final String name() {
        return name;
    }

    final String address() {
        return address;
    }

    final Process process() {
        return process;
    }

    /** When {@code event} was first said, in nanoseconds of this process's clock. */
    final OptionalLong heard(String event) {
        Long at = heard.get(event);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    /** CPU time so far, user and system together. */
    final Duration cpu() throws IOException {
        return ProcessFigures.cpu(process.pid());
    }

    /** Ends it as a power cut does. */
    final void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        process.onExit().join();
    }
}
