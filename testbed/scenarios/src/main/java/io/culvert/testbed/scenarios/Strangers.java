package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.Host;
import io.culvert.testbed.hosts.JavaProgram;
import io.culvert.testbed.hosts.Metrics;
import io.culvert.testbed.hosts.Spawned;
import io.culvert.testbed.hosts.Testbed;
import io.culvert.testbed.strangers.EchoApplication;
import io.culvert.testbed.strangers.LongStream;
import io.culvert.testbed.strangers.Overheard;
import io.culvert.testbed.strangers.StrangerProgram;
import io.culvert.testbed.strangers.Visit;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Those who may not come: from a host outside of the mesh and from inside, with no certificate, a wrong one, a stolen one,
 * with the keys of other pools, with recordings and with noise. Nothing reaches an application, nothing dies, streams go
 * on, and each kind is counted and logged once for each address.
 */
public final class Strangers implements Scenario {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int TIMES = 3;
    private static final int VAULT_PORT = 7_101;
    private static final int LOBBY_PORT = 7_102;

    /** The strangers' addresses on the testbed's network, one for each kind of visit. */
    private static final String NETWORK = "10.77.0.";

    private static final int FIRST_ADDRESS = 100;

    @Override
    public String name() {
        return "strangers";
    }

    @Override
    public void play(Testbed testbed, Story story) throws Exception {
        Mesh mesh = Mesh.of(testbed, story, "a", "b");
        Host outside = testbed.host("outside");
        Scene scene = new Scene(mesh.agent("a"), mesh.agent("b"), outside);
        scene.prepare();
        story.step("b serves vault and lobby; a may call vault; one stream to it is open");

        scene.overhear(story);
        closedDoors(scene, story);
        visits(scene, story);
        fromInside(scene, story);
        assertThat(scene.a.api("/v1/culvert/members").size())
                .as("members, whatever their state")
                .isEqualTo(2);
        new StrangersAtJoin(scene.a, outside).play(story);

        scene.checkPeace(mesh, story);
    }

    /** What must not be reachable from another host at all. */
    private static void closedDoors(Scene scene, Story story) {
        for (int port : List.of(53, 8_500, 8_600, VAULT_PORT, LOBBY_PORT)) {
            String to = scene.b.host().address() + "/" + port;
            assertThat(scene.outside.shell("exec 3<>/dev/tcp/" + to).output())
                    .as("TCP to " + to)
                    .contains("Connection refused");
        }
        for (String port : List.of("53", "8600")) {
            assertThat(scene.outside
                            .run(
                                    "dig",
                                    "+tries=1",
                                    "+time=1",
                                    "@" + scene.b.host().address(),
                                    "-p",
                                    port,
                                    "vault.mesh")
                            .succeeded())
                    .as("DNS at port " + port + " from another host")
                    .isFalse();
        }
        assertThat(scene.outside
                        .run(
                                "curl",
                                "-sS",
                                "--max-time",
                                "5",
                                "http://" + scene.b.host().address() + ":8500/")
                        .succeeded())
                .as("API from another host")
                .isFalse();
        story.step("API, DNS and applications are closed to other hosts");
    }

    private static void visits(Scene scene, Story story) throws IOException {
        Metrics before = scene.b.metrics();
        String logBefore = scene.b.process().log();
        List<Spawned> programs = new ArrayList<>();
        List<String> quick = new ArrayList<>(List.of(scene.settings()));
        int number = FIRST_ADDRESS;
        Map<StrangerKind, String> addresses = new TreeMap<>();
        for (StrangerKind kind : StrangerKind.values()) {
            String address = NETWORK + number++;
            scene.outside
                    .run("ip", "addr", "add", address + "/24", "dev", "eth0")
                    .orFail();
            addresses.put(kind, address);
            String visit = kind.visit() + "=" + address + ":" + (kind.isSlow() ? 1 : TIMES);
            if (kind.isSlow()) {
                programs.add(scene.send(kind.visit(), scene.outside, List.of(scene.settings(), visit)));
            } else {
                quick.add(visit);
            }
        }
        programs.add(scene.send("strangers", scene.outside, quick));
        programs.forEach(Strangers::awaitEnd);
        for (Spawned program : programs) {
            program.log()
                    .lines()
                    .filter(line -> line.startsWith(StrangerProgram.VISIT))
                    .distinct()
                    .forEach(line -> story.step("  " + line));
            assertThat(program.log()).as("outcomes of " + program.name()).doesNotContain(Visit.LET_IN);
        }
        checkOutcomes(programs);
        checkCounts(before, scene.b.metrics());
        checkLog(scene.b.process().log().substring(logBefore.length()), addresses);
        story.step(StrangerKind.values().length + " kinds of strangers: each counted, each logged once");
    }

    private static void checkOutcomes(List<Spawned> programs) {
        String said = String.join("", programs.stream().map(Spawned::log).toList());
        for (StrangerKind kind : StrangerKind.values()) {
            assertThat(said.lines().filter(line -> line.startsWith(StrangerProgram.VISIT + kind.visit() + ": ")))
                    .as("visits of " + kind)
                    .hasSize(kind.isSlow() ? 1 : TIMES)
                    .allMatch(line -> line.contains(kind.outcome()), "says '" + kind.outcome() + "'");
        }
    }

    private static void checkCounts(Metrics before, Metrics after) {
        Map<String, Long> expected = new TreeMap<>();
        for (StrangerKind kind : StrangerKind.values()) {
            long times = kind.isSlow() ? 1 : TIMES;
            kind.each().forEach((series, count) -> expected.merge(series, count * times, Long::sum));
        }
        Map<String, Long> counted = new TreeMap<>();
        for (String series : expected.keySet()) {
            String[] parts = series.split(" ");
            counted.put(series, after.count(parts[0], "reason", parts[1]) - before.count(parts[0], "reason", parts[1]));
        }
        assertThat(counted).as("counted by reason").isEqualTo(expected);
    }

    /** One line for each kind of refusal at each address, however often it happened. */
    private static void checkLog(String log, Map<StrangerKind, String> addresses) {
        addresses.forEach((kind, address) -> {
            List<String> lines = log.lines()
                    .filter(line -> line.contains("peer=" + address + " ") || line.contains("peer=" + address + ":"))
                    .toList();
            assertThat(lines)
                    .as("log lines about " + kind + " at " + address)
                    .hasSize(kind.each().size());
            for (String series : kind.each().keySet()) {
                assertThat(lines)
                        .as("log lines about " + kind + " at " + address)
                        .anyMatch(line -> line.contains(" WARN ")
                                && line.toLowerCase(Locale.ROOT).contains("reason=" + series.split(" ")[1]));
            }
        });
    }

    /** Being on a host of the mesh opens no door either. */
    private static void fromInside(Scene scene, Story story) {
        String own = scene.b.host().address();
        List<String> plan = new ArrayList<>(List.of(scene.settings()));
        for (StrangerKind kind : StrangerKind.values()) {
            if (!kind.isSlow()) {
                plan.add(kind.visit() + "=" + own + ":1");
            }
        }
        Spawned program = scene.send("inside", scene.b.host(), plan);
        awaitEnd(program);
        assertThat(program.log())
                .as("visits from the service's own host")
                .contains(StrangerProgram.VISIT)
                .doesNotContain(Visit.LET_IN);
        String vault = scene.b.resolve("vault.mesh");
        assertThat(vault).startsWith("127.");
        assertThat(scene.b
                        .host()
                        .shell("exec 3<>/dev/tcp/" + vault + "/" + VAULT_PORT + " && echo let me in >&3 && cat <&3")
                        .output())
                .as("a local caller without an intention")
                .contains("Connection reset by peer");
        story.step("the same from a host of the mesh: nothing gets through");
    }

    private static void awaitEnd(Spawned program) {
        assertThat(program.await())
                .as("exit code of " + program.name() + ":\n" + program.log())
                .isZero();
    }

    /** Who is there. */
    private static final class Scene {
        final CulvertAgent a;
        final CulvertAgent b;
        final Host outside;
        private final Path stop;
        private final Path overheard;
        private final List<Spawned> applications = new ArrayList<>();
        private String vault = "";
        private Path settings = Path.of("");
        private long allowed;
        private Spawned stream;

        Scene(CulvertAgent a, CulvertAgent b, Host outside) {
            this.a = a;
            this.b = b;
            this.outside = outside;
            this.stop = a.host().folder().resolve("stop");
            this.overheard = b.host().folder().resolve("overheard");
            applications.add(application("vault", VAULT_PORT));
            applications.add(application("lobby", LOBBY_PORT));
            this.stream = applications.get(0);
        }

        private Spawned application(String name, int port) {
            Spawned application = JavaProgram.spawn(b.host(), name, EchoApplication.class, Integer.toString(port));
            CulvertAgent.await(name + " listens", SOON, () -> application.log().contains("listening"));
            b.configure(name + ".hcl", """
                    service {
                      name = "%s"
                      port = %d
                      connect { sidecar_service {} }
                    }
                    """.formatted(name, port));
            return application;
        }

        void prepare() {
            a.configure("thief.hcl", """
                    service {
                      name = "thief"
                      port = 7109
                      connect { sidecar_service {} }
                    }
                    """);
            a.culvert("intention", "create", "host/a", "vault").orFail();
            a.culvert("intention", "create", "guest", "lobby").orFail();
            a.culvert("intention", "create", "--deny", "foe", "vault").orFail();
            for (String name : List.of("vault.mesh", "lobby.mesh", "thief.mesh")) {
                CulvertAgent.await(
                        name + " resolves", SOON, () -> a.resolve(name).startsWith("127."));
            }
            vault = a.resolve("vault.mesh");
            CulvertAgent.await(
                    "a may call vault",
                    SOON,
                    () -> a.culvert("intention", "check", "host/a", "vault").succeeded() && ask());
            stream = JavaProgram.spawn(
                    a.host(), "stream", LongStream.class, stop.toString(), vault, Integer.toString(VAULT_PORT));
            CulvertAgent.await("the stream runs", SOON, () -> stream.log().contains("echoed"));
            allowed = accepted(0);
            settings = outside.write("strangers.properties", """
                    target = %s
                    tls = 8443
                    gossip = 8301
                    server-data = %s
                    agent-data = %s
                    datacenter = %s
                    overheard = %s
                    seed = %d
                    """.formatted(
                            b.host().address(),
                            a.dataFolder(),
                            a.dataFolder(),
                            a.api("/v1/culvert/status").path("Datacenter").asText(),
                            overheard,
                            System.nanoTime()));
        }

        /** One short conversation with vault, as somebody who may. */
        boolean ask() {
            return a.host()
                    .shell("exec 3<>/dev/tcp/" + vault + "/" + VAULT_PORT
                            + " && echo hello >&3 && read -r -t 5 word <&3 && test \"$word\" = hello")
                    .succeeded();
        }

        /** Writes down what comes over b's wire until there is enough to be said again. */
        void overhear(Story story) throws IOException {
            Spawned socat =
                    b.host().spawn("overhear", "socat", "-u", "-b", "70000", "INTERFACE:eth0", "CREATE:" + overheard);
            byte[] address = InetAddress.getByName(b.host().address()).getAddress();
            CulvertAgent.await(
                    "packets of the pool on b's wire",
                    SOON,
                    () -> Files.exists(overheard)
                            && Overheard.datagrams(overheard, address, 8_301).size() >= 8);
            socat.close();
            story.step(Overheard.datagrams(overheard, address, 8_301).size() + " packets of the pool were overheard");
        }

        String settings() {
            return settings.toString();
        }

        Spawned send(String name, Host from, List<String> arguments) {
            return JavaProgram.spawn(from, name, StrangerProgram.class, arguments.toArray(String[]::new));
        }

        void checkPeace(Mesh mesh, Story story) throws IOException {
            for (CulvertAgent agent : List.of(a, b)) {
                assertThat(agent.process().isAlive())
                        .as("the agent of " + agent.host().name() + " lives")
                        .isTrue();
                assertThat(mesh.alive(agent))
                        .as("members alive, seen by " + agent.host().name())
                        .isEqualTo(2);
            }
            long accepted = accepted(0);
            assertThat(ask()).as("somebody who may call is answered").isTrue();
            CulvertAgent.await("the application heard of it", SOON, () -> accepted(0) == accepted + 1);
            Files.writeString(stop, "");
            assertThat(stream.await())
                    .as("the stream that was open all the time:\n" + stream.log())
                    .isZero();
            String last = stream.log()
                    .lines()
                    .filter(line -> line.startsWith("echoed"))
                    .reduce("", (x, y) -> y);
            story.step("the open stream never broke: " + last.split(" ")[1] + " words, longest wait "
                    + last.split(" ")[2] + " ms");
            assertThat(accepted)
                    .as("connections that reached vault: those of a")
                    .isEqualTo(allowed);
            assertThat(accepted(1)).as("connections that reached lobby").isZero();
        }

        private long accepted(int application) {
            return applications
                    .get(application)
                    .log()
                    .lines()
                    .filter(EchoApplication.ACCEPTED::equals)
                    .count();
        }
    }
}
