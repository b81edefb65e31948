package io.culvert.testbed.scenarios;

import io.culvert.testbed.hosts.Command;
import io.culvert.testbed.hosts.Host;
import io.culvert.testbed.hosts.Spawned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A host with a name and directories of its own, so that what a README says can be typed there word for word: its {@code
 * /etc/culvert}, {@code /var/lib/culvert} and so on are not those of the machine that runs the scenario.
 */
final class Machine implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Host host;
    private final Path script;
    private final List<Path> made = new ArrayList<>();

    /**
     * @param own directories that this machine has for itself; missing ones are made on the machine below, empty
     * @param clone where commands are typed
     */
    Machine(Host host, Path clone, List<String> own) {
        this.host = host;
        StringBuilder text = new StringBuilder("set -e\nhostname " + host.name() + "\n");
        for (String directory : own) {
            Path there = host.folder().resolve("root" + directory);
            make(there, Path.of(directory));
            text.append("mount --bind ")
                    .append(there)
                    .append(' ')
                    .append(directory)
                    .append('\n');
        }
        this.script = host.write("machine.sh", text + "cd " + clone + "\nexec bash -c \"$1\"\n");
    }

    private void make(Path there, Path mountPoint) {
        try {
            Files.createDirectories(there);
            if (!Files.exists(mountPoint)) {
                Files.createDirectories(mountPoint);
                made.add(mountPoint);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no " + mountPoint + " for " + host.name(), e);
        }
    }

    /** Removes what was made on the machine below. */
    @Override
    public void close() throws IOException {
        for (Path directory : made) {
            Files.deleteIfExists(directory);
        }
    }

    String address() {
        return host.address();
    }

    Host host() {
        return host;
    }

    /** Types a line and waits until it has ended. */
    Command.Result type(String line) {
        return host.run(PATIENCE, words(line));
    }

    /** Types a line into a terminal that stays open. */
    Spawned leaveRunning(String name, String line, Map<String, String> environment) {
        return host.spawn(name, environment, words("exec " + line));
    }

    /** Writes a file as this machine sees it. */
    Path write(String file, String text) {
        return host.write("root" + file, text);
    }

    private String[] words(String line) {
        List<String> words = new ArrayList<>(List.of("unshare", "--uts", "--mount", "bash", script.toString(), line));
        return words.toArray(String[]::new);
    }
}
