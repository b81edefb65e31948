package io.culvert.testbed.hosts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A program that goes on while a scenario works. Signals go to its pid only. */
public final class Spawned implements AutoCloseable {
    private static final long GRACE_SECONDS = 10;

    private final String name;
    private final Process process;
    private final Path log;

    Spawned(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** All that it has written so far. */
    public String log() {
        try {
            return Command.text(log);
        } catch (IOException e) {
            throw new AssertionError("cannot read the log of " + name, e);
        }
    }

    /** Sends a signal by name: {@code TERM}, {@code KILL}, {@code STOP}, {@code CONT}, {@code HUP}. */
    public void signal(String signal) {
        Command.run("kill", "-" + signal, Long.toString(process.pid())).orFail();
    }

    /** {@code kill -9}, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        await();
    }

    /** Waits until it ends and returns its exit code. */
    public int await() {
        try {
            if (!process.waitFor(Command.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(name + " did not end in " + Command.PATIENCE + ":\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + name, e);
        }
    }

    /** TERM, and KILL when that does not help. */
    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                Command.run("kill", "-CONT", Long.toString(process.pid()));
                process.destroy();
                if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
