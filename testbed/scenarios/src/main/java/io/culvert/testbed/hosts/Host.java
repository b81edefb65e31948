package io.culvert.testbed.hosts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One host of a testbed. */
public final class Host {
    private final Testbed testbed;
    private final String name;
    private final String namespace;
    private final String address;
    private final Path folder;

    Host(Testbed testbed, String name, String namespace, String address, Path folder) {
        this.testbed = testbed;
        this.name = name;
        this.namespace = namespace;
        this.address = address;
        this.folder = folder;
    }

    public String name() {
        return name;
    }

    /** Its address on the testbed's network; empty when it has none. */
    public String address() {
        return address;
    }

    /** A folder of its own. */
    public Path folder() {
        return folder;
    }

    /** Runs a command on this host to its end, within a minute. */
    public Command.Result run(String... command) {
        return run(Command.PATIENCE, command);
    }

    public Command.Result run(Duration patience, String... command) {
        return Command.run(prefixed(command), Map.of(), patience);
    }

    /** A shell line; for pipes. */
    public Command.Result shell(String line) {
        return run("bash", "-c", line);
    }

    /** Starts a program that goes on. */
    public Spawned spawn(String program, String... command) {
        return spawn(program, Map.of(), command);
    }

    public Spawned spawn(String program, Map<String, String> environment, String... command) {
        Path log = folder.resolve(program + "-" + Long.toHexString(System.nanoTime()) + ".log");
        ProcessBuilder builder = new ProcessBuilder(prefixed(command))
                .redirectErrorStream(true)
                .redirectInput(new java.io.File("/dev/null"))
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            Spawned spawned = new Spawned(name + "/" + program, builder.start(), log);
            testbed.remember(spawned);
            return spawned;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + program + " on " + name, e);
        }
    }

    /** Writes a file under this host's folder and returns its path. */
    public Path write(String file, String text) {
        Path path = folder.resolve(file);
        try {
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            // As an editor or a package does it: whole, under another name, then renamed.
            Path fresh = path.resolveSibling("." + path.getFileName() + ".new");
            Files.writeString(fresh, text);
            return Files.move(
                    fresh,
                    path,
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path, e);
        }
    }

    /** Drops every packet from and to the network; loopback goes on. */
    public void cut() {
        drop("cut", List.of("iifname eth0"), List.of("oifname eth0"));
    }

    /** Undoes {@link #cut}. */
    public void heal() {
        allow("cut");
    }

    /**
     * Drops packets from now on.
     *
     * @param name for {@link #allow}
     * @param incoming what to drop of what comes in, in nft's words: {@code ip saddr 10.0.0.1 udp dport 8301}
     * @param outgoing the same for what goes out
     */
    public void drop(String name, List<String> incoming, List<String> outgoing) {
        String table = table(name);
        run("nft", "add", "table", "inet", table).orFail();
        run("nft", "add", "chain", "inet", table, "in", "{ type filter hook input priority 0; policy accept; }")
                .orFail();
        run("nft", "add", "chain", "inet", table, "out", "{ type filter hook output priority 0; policy accept; }")
                .orFail();
        incoming.forEach(match ->
                run("nft", "add rule inet " + table + " in " + match + " drop").orFail());
        outgoing.forEach(match ->
                run("nft", "add rule inet " + table + " out " + match + " drop").orFail());
    }

    /** Undoes {@link #drop}. */
    public void allow(String name) {
        run("nft", "delete", "table", "inet", table(name)).orFail();
    }

    /** Prefixed, as a bare name could be a word of nft's own, {@code udp} for one. */
    private static String table(String name) {
        return "drop_" + name;
    }

    /** What names stand for on this host, beside localhost, for programs that start from now on and later changes too. */
    public void names(String lines) {
        Path folder = Path.of("/etc/netns", namespace);
        try {
            Files.createDirectories(folder);
            // In place: programs see this very file, bound over their /etc/hosts.
            Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n" + lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the hosts file of " + name, e);
        }
    }

    private List<String> prefixed(String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        whole.addAll(List.of(command));
        return whole;
    }
}
