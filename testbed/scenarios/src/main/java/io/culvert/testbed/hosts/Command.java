package io.culvert.testbed.hosts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
public final class Command {
    /** Longest that any short command may take; a scenario that waits longer waits on a condition instead. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private Command() {}

    /**
     * What a program said.
     *
     * @param output standard output and standard error, as they came
     */
    public record Result(List<String> command, int exitCode, String output) {
        public boolean succeeded() {
            return exitCode == 0;
        }

        /** The output of a command that had to succeed. */
        public String orFail() {
            if (exitCode != 0) {
                throw new AssertionError(
                        "exit code " + exitCode + " of '" + String.join(" ", command) + "':\n" + output);
            }
            return output;
        }
    }

    public static Result run(String... command) {
        return run(List.of(command), Map.of(), PATIENCE);
    }

    public static Result run(List<String> command, Map<String, String> environment, Duration patience) {
        Path output = null;
        try {
            output = Files.createTempFile("culvert-testbed", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(new java.io.File("/dev/null"))
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "'" + String.join(" ", command) + "' did not end in " + patience + ":\n" + text(output));
            }
            return new Result(command, process.exitValue(), text(output));
        } catch (IOException e) {
            throw new AssertionError("cannot run '" + String.join(" ", command) + "': " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while '" + String.join(" ", command) + "' ran", e);
        } finally {
            delete(output);
        }
    }

    /** UTF-8; what is none becomes a sign that says so. */
    static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new AssertionError("cannot delete " + file, e);
        }
    }
}
