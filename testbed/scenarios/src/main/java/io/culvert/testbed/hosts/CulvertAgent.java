package io.culvert.testbed.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The real agent on a host, started by the distribution's own script, and the commands asked of it. */
public final class CulvertAgent {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(60);

    private final Host host;
    private final String node;
    private final List<String> arguments;
    private @Nullable Spawned process;

    /** An agent with its own data and config folders under the host's; {@code arguments} come after {@code culvert agent}. */
    public CulvertAgent(Host host, String... arguments) {
        this(host, host.name(), List.of(arguments));
    }

    /** An agent that is called something else than its host. */
    public static CulvertAgent named(Host host, String node, String... arguments) {
        return new CulvertAgent(host, node, List.of(arguments));
    }

    private CulvertAgent(Host host, String node, List<String> arguments) {
        this.host = host;
        this.node = node;
        List<String> all = new ArrayList<>(List.of(
                culvert(),
                "agent",
                "--node",
                node,
                "--bind",
                host.address(),
                "--data-dir",
                host.folder().resolve("data").toString(),
                "--config-dir",
                configFolder().toString()));
        all.addAll(arguments);
        this.arguments = all;
    }

    /** What others call it. */
    public String node() {
        return node;
    }

    /** The same agent, started with other arguments from its next start on. */
    public CulvertAgent withArguments(String... arguments) {
        CulvertAgent same = new CulvertAgent(host, node, List.of(arguments));
        same.process = process;
        return same;
    }

    /** The distribution under test: {@code CULVERT_BIN}, or the one that the build left. */
    public static String culvert() {
        String given = System.getenv("CULVERT_BIN");
        if (given != null) {
            return given;
        }
        Path built = sources().resolve("cli/target/culvert/culvert/bin/culvert");
        if (!Files.isExecutable(built)) {
            throw new AssertionError("no distribution at " + built + ": run './culvert version' first");
        }
        return built.toString();
    }

    /** The root of the sources that this testbed is of. */
    public static Path sources() {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(".mvn"))) {
                return folder;
            }
        }
        throw new AssertionError("no sources of Culvert at or above " + start);
    }

    public Host host() {
        return host;
    }

    public Path dataFolder() {
        return host.folder().resolve("data");
    }

    /** Files dropped here take effect by themselves. */
    public Path configFolder() {
        Path folder = host.folder().resolve("conf.d");
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
    }

    /** Starts it and waits until its API answers. */
    public CulvertAgent start() {
        launch();
        await(
                "the API of " + host.name() + " answers",
                START,
                () -> culvert("status").succeeded());
        return this;
    }

    /** Starts it without waiting. */
    public Spawned launch() {
        Spawned started = host.spawn("agent", arguments.toArray(String[]::new));
        process = started;
        return started;
    }

    public Spawned process() {
        if (process == null) {
            throw new IllegalStateException("the agent of " + host.name() + " was never started");
        }
        return process;
    }

    /** Drops a service file into the config folder. */
    public void configure(String file, String text) {
        host.write("conf.d/" + file, text);
    }

    /** Runs a {@code culvert} command against this agent. */
    public Command.Result culvert(String... command) {
        List<String> all = new ArrayList<>(List.of(culvert()));
        all.addAll(List.of(command));
        return host.run(all.toArray(String[]::new));
    }

    /** The JSON of a GET on its API. */
    public JsonNode api(String path) {
        String text = host.run("curl", "-sS", "--max-time", "10", "http://127.0.0.1:8500" + path)
                .orFail();
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(path + " answered: " + text, e);
        }
    }

    /** Its counters now. */
    public Metrics metrics() {
        return Metrics.parse(
                host.run("curl", "-sS", "--max-time", "10", "http://127.0.0.1:8500/v1/agent/metrics?format=prometheus")
                        .orFail());
    }

    /** The loopback address of a service here; empty when the name is unknown. */
    public String resolve(String name) {
        return host.run("dig", "+short", "+tries=1", "+time=2", "@127.0.0.1", "-p", "8600", name, "A")
                .output()
                .strip();
    }

    /** Waits until an assertion holds; its last failure is the failure. */
    public static void awaitAsserted(Duration atMost, Runnable assertion) {
        Awaitility.await().atMost(atMost).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion::run);
    }

    /** Waits for a condition, with what it waits for in the failure. */
    public static void await(String what, Duration atMost, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(100))
                .until(condition);
    }
}
