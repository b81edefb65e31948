package io.culvert.testbed.hosts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A private network of hosts: a bridge in a namespace of its own, one namespace a host. Nothing of it is reachable from
 * outside the machine. Closing ends every process and removes every namespace, also after a failure.
 */
public final class Testbed implements AutoCloseable {
    /** {@code 10.77.0.0/24}: only ever inside the namespaces made here. */
    private static final String NETWORK = "10.77.0.";

    private final String prefix = "cv" + ProcessHandle.current().pid() + "-";
    private final String bridge = prefix + "sw";
    private final Path folder;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final List<Spawned> processes = new ArrayList<>();
    private final List<String> namespaces = new ArrayList<>();

    private Testbed(Path folder) {
        this.folder = folder;
    }

    /** @throws AssertionError with a sentence when this machine cannot have namespaces: never a silent skip */
    public static Testbed open() {
        Command.Result allowed = Command.run("ip", "netns", "list");
        if (!allowed.succeeded() || !"root".equals(System.getProperty("user.name"))) {
            throw new AssertionError("scenarios need root and network namespaces (iproute2): " + allowed.output());
        }
        try {
            Testbed testbed = new Testbed(Files.createTempDirectory("culvert-testbed-"));
            Command.run("chmod", "755", testbed.folder.toString()).orFail();
            testbed.namespace(testbed.bridge);
            testbed.in(testbed.bridge, "ip", "link", "add", "br0", "type", "bridge");
            testbed.in(testbed.bridge, "ip", "link", "set", "br0", "up");
            return testbed;
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for the testbed", e);
        }
    }

    /** A new host on the network. */
    public Host host(String name) {
        String namespace = prefix + name;
        namespace(namespace);
        int number = hosts.size() + 1;
        String outer = "v" + number;
        in(bridge, "ip", "link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        in(bridge, "ip", "link", "set", outer, "master", "br0");
        in(bridge, "ip", "link", "set", outer, "up");
        String address = NETWORK + (number + 10);
        in(namespace, "ip", "addr", "add", address + "/24", "dev", "eth0");
        in(namespace, "ip", "link", "set", "eth0", "up");
        in(namespace, "ip", "link", "set", "lo", "up");
        Host host = new Host(this, name, namespace, address, makeFolder(name));
        hosts.put(name, host);
        return host;
    }

    /** A namespace without any interface, loopback included: what a container with {@code --network none} has. */
    public Host withoutNetwork(String name) {
        namespace(prefix + name);
        return new Host(this, name, prefix + name, "", makeFolder(name));
    }

    public Path folder() {
        return folder;
    }

    Path makeFolder(String name) {
        try {
            Path made = Files.createDirectories(folder.resolve(name));
            Command.run("chmod", "755", made.toString()).orFail();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for " + name, e);
        }
    }

    void remember(Spawned process) {
        processes.add(process);
    }

    private void namespace(String name) {
        Command.run("ip", "netns", "add", name).orFail();
        namespaces.add(name);
    }

    private void in(String namespace, String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        whole.addAll(List.of(command));
        Command.run(whole.toArray(String[]::new)).orFail();
    }

    /** The end of every log, for a failure's report. */
    public String logs() {
        StringBuilder text = new StringBuilder();
        for (Spawned process : processes) {
            String log = process.log();
            text.append("\n--- ")
                    .append(process.name())
                    .append(process.isAlive() ? "" : " (ended)")
                    .append('\n');
            text.append(log.length() > 6_000 ? "…" + log.substring(log.length() - 6_000) : log);
        }
        return text.toString();
    }

    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).close();
        }
        for (String namespace : namespaces) {
            // Whatever a server forked and nobody remembers: it lives in a namespace that only this testbed made.
            for (String pid :
                    Command.run("ip", "netns", "pids", namespace).output().split("\\s+")) {
                if (!pid.isEmpty()) {
                    Command.run("kill", "-KILL", pid);
                }
            }
            Command.run("ip", "netns", "del", namespace);
            Path files = Path.of("/etc/netns", namespace);
            if (Files.exists(files)) {
                remove(files);
            }
        }
        remove(folder);
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }
}
