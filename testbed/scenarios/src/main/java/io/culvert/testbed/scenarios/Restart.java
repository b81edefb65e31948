package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.JavaProgram;
import io.culvert.testbed.hosts.Spawned;
import io.culvert.testbed.hosts.Testbed;
import io.culvert.testbed.load.AnsweringServer;
import io.culvert.testbed.load.LoadClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Set;
import java.util.TreeSet;

/**
 * Agents end and come back, in order and by {@code kill -9}, the server among them: everybody finds together again without a
 * token, what was registered is still there as it was, and those who stayed go on resolving, connecting and refusing.
 */
public final class Restart implements Scenario {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int PORT = 7_001;

    /** Enough that no restart falls between two questions, and little enough to leave the agents their CPU. */
    private static final String PAUSE_MILLIS = "20";

    private static final String LEDGER = """
            {"Name":"ledger","Port":7005,"Tags":["kept"],
             "Checks":[{"CheckID":"ledger-ttl","Name":"its own word","TTL":"10m"},
                       {"CheckID":"ledger-tcp","Name":"port","TCP":"127.0.0.1:%d","Interval":"1s","Timeout":"1s"}]}
            """.formatted(PORT);

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public void play(Testbed testbed, Story story) throws Exception {
        Mesh mesh = Mesh.of(testbed, story, "a", "b", "c");
        CulvertAgent a = mesh.agent("a");
        // Without the token: a host that has joined belongs to the mesh.
        CulvertAgent b = mesh.agent("b").withArguments();
        CulvertAgent c = mesh.agent("c").withArguments();
        Pool pool = new Pool(List.of(a, b, c));
        serve(b);
        serve(c);
        a.culvert("intention", "create", "host/c", "web").orFail();
        await("web is healthy on b and c", () -> pool.healthy("web") == 2);
        registerLedger(b);
        await("ledger is healthy", () -> pool.healthy("ledger") == 1);
        String address = c.resolve("web.mesh");
        Path stop = testbed.folder().resolve("stop");
        Spawned load = JavaProgram.spawn(
                c.host(), "load", LoadClient.class, stop.toString(), PAUSE_MILLIS, "web=" + address + ":" + PORT);
        await("load runs", () -> load.log().contains(" web b") && load.log().contains(" web c"));
        Spawned watch = poll(a, "checks", "/v1/health/checks/ledger");
        story.step("web on b and c under load from c; ledger registered on b over the API");

        for (CulvertAgent agent : List.of(b, c)) {
            for (String signal : List.of("TERM", "KILL")) {
                long begun = System.currentTimeMillis();
                pool.restart(agent, signal, story);
                tellFailures(load, agent.host().name() + " " + signal, begun, story);
            }
            checkLedger(b);
            assertThat(c.resolve("web.mesh")).as("address of web.mesh").isEqualTo(address);
        }
        for (String signal : List.of("TERM", "KILL")) {
            withoutServer(a, b, c, signal, story);
            pool.awaitTogether();
        }
        leave(pool, b, story);
        await("ledger is healthy again", () -> pool.healthy("ledger") == 1);

        Files.writeString(stop, "");
        load.await();
        watch.close();
        checkWatched(watch, story);
        checkLoad(load, story);
    }

    private static void serve(CulvertAgent agent) {
        Spawned server = JavaProgram.spawn(
                agent.host(), "web", AnsweringServer.class, "web", agent.host().name(), Integer.toString(PORT));
        await("web listens", () -> server.log().contains("listening"));
        agent.configure("web.hcl", """
                service {
                  name = "web"
                  port = %d
                  check { tcp = "127.0.0.1:%d"  interval = "1s"  timeout = "1s" }
                  connect { sidecar_service {} }
                }
                """.formatted(PORT, PORT));
    }

    private static void registerLedger(CulvertAgent b) {
        Path body = b.host().write("ledger.json", LEDGER);
        String api = "http://127.0.0.1:8500/v1/agent/";
        b.host()
                .run("curl", "-sS", "-f", "-X", "PUT", "-d", "@" + body, api + "service/register")
                .orFail();
        b.host()
                .run("curl", "-sS", "-f", "-X", "PUT", api + "check/pass/ledger-ttl?note=all+is+well")
                .orFail();
    }

    /** As it was registered, with the last word of its owner. */
    private static void checkLedger(CulvertAgent b) {
        JsonNode ledger = b.api("/v1/agent/services").path("ledger");
        assertThat(ledger.path("Port").asInt()).as("port of ledger").isEqualTo(7_005);
        assertThat(ledger.at("/Tags/0").asText()).as("tag of ledger").isEqualTo("kept");
        JsonNode ttl = b.api("/v1/agent/checks").path("ledger-ttl");
        assertThat(ttl.path("Status").asText()).as("status of the TTL check").isEqualTo("passing");
        assertThat(ttl.path("Output").asText()).as("output of the TTL check").isEqualTo("all is well");
    }

    /** The server is away: nothing that a request needs is. */
    private static void withoutServer(CulvertAgent a, CulvertAgent b, CulvertAgent c, String signal, Story story) {
        a.process().signal(signal);
        a.process().await();
        String address = c.resolve("web.mesh");
        assertThat(address).as("web.mesh without the server").startsWith("127.");
        assertThat(ask(c, address))
                .as("a call that may be made, without the server")
                .startsWith("web ");
        assertThat(ask(b, address))
                .as("a call that may not be made, without the server")
                .isEmpty();
        assertThat(c.culvert("intention", "check", "host/b", "web").exitCode()).isEqualTo(1);
        assertThat(c.culvert("intention", "check", "host/c", "web").exitCode()).isZero();
        assertThat(c.culvert("intention", "create", "host/b", "web").succeeded())
                .as("new policy without the server")
                .isFalse();
        a.start();
        story.step("server " + signal + ": names, calls and refusals went on without it");
    }

    /** One question to web; what it answered first, or nothing. */
    private static String ask(CulvertAgent from, String address) {
        return from.host()
                .shell("exec 3<>/dev/tcp/" + address + "/" + PORT
                        + " && echo '7 0' >&3 && read -r -t 10 line <&3 && echo \"$line\"")
                .output()
                .lines()
                .filter(line -> line.startsWith("web "))
                .findFirst()
                .orElse("");
    }

    /** A goodbye is heard as one: nobody ever holds who left for failed. */
    private static void leave(Pool pool, CulvertAgent b, Story story) throws Exception {
        List<MemberWatch> watches = pool.others(b).stream().map(MemberWatch::on).toList();
        String id = b.api("/v1/culvert/status").path("NodeID").asText();
        b.culvert("leave").orFail();
        assertThat(b.process().await()).as("exit code of an agent that left").isZero();
        for (CulvertAgent other : pool.others(b)) {
            await(
                    "b has left, for " + other.host().name(),
                    () -> pool.state(other, b).equals("left"));
            await(
                    "its instances are gone",
                    () -> other.api("/v1/health/service/web?passing").size() == 1);
        }
        b.start();
        pool.awaitTogether();
        watches.forEach(MemberWatch::close);
        for (MemberWatch watch : watches) {
            assertThat(watch.statesOf(id))
                    .as("states of b")
                    .contains("alive", "left")
                    .doesNotContain("failed");
        }
        story.step("culvert leave: left for everybody, failed for nobody; back without a token");
    }

    /** Asks again and again and writes down every answer. */
    private static Spawned poll(CulvertAgent agent, String name, String path) {
        return agent.host()
                .spawn(
                        name,
                        "bash",
                        "-c",
                        "while :; do curl -s --max-time 2 http://127.0.0.1:8500" + path + "; echo; sleep 0.05; done");
    }

    private static void checkWatched(Spawned watch, Story story) {
        long answers =
                watch.log().lines().filter(line -> line.contains("ledger-ttl")).count();
        assertThat(answers).as("times that a saw ledger's checks").isGreaterThan(50);
        // Registered as critical and passing within a moment: that is before the watch began.
        assertThat(watch.log()).as("checks of ledger, seen by a").doesNotContain("critical", "warning");
        story.step("ledger's checks were looked at " + answers + " times and always passed");
    }

    /** For how long the callers of c were refused or reset; its own agent away, nobody is there to accept them. */
    private static void tellFailures(Spawned load, String when, long since, Story story) {
        for (String how : List.of("refused", "reset")) {
            LongSummaryStatistics times = load.log()
                    .lines()
                    .filter(line -> line.startsWith("failed ") && line.endsWith(" " + how))
                    .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                    .filter(millis -> millis >= since)
                    .summaryStatistics();
            if (times.getCount() > 0) {
                story.figure(
                        when + ": " + how + ", first after " + (times.getMin() - since) + " ms, for",
                        Duration.ofMillis(times.getMax() - times.getMin()));
            }
        }
    }

    private static void checkLoad(Spawned load, Story story) {
        String result = load.log()
                .lines()
                .filter(line -> line.startsWith("whole="))
                .findFirst()
                .orElse(load.log());
        story.step(result);
        assertThat(result).contains(" wrong=0 truncated=0").doesNotContain("whole=0 ");
    }

    private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        CulvertAgent.await(what, SOON, condition);
    }

    /** All agents, and what they hold of each other. */
    private record Pool(List<CulvertAgent> agents) {
        List<CulvertAgent> others(CulvertAgent agent) {
            return agents.stream().filter(other -> other.host() != agent.host()).toList();
        }

        void restart(CulvertAgent agent, String signal, Story story) {
            String name = agent.host().name();
            agent.process().signal(signal);
            int exitCode = agent.process().await();
            if (signal.equals("TERM")) {
                assertThat(exitCode).as("exit code after TERM").isIn(0, 143);
                for (CulvertAgent other : others(agent)) {
                    Restart.await(
                            name + " said goodbye", () -> state(other, agent).equals("left"));
                }
            }
            long started = System.nanoTime();
            agent.start();
            story.figure(name + " " + signal + ": start to API", Duration.ofNanos(System.nanoTime() - started));
            awaitTogether();
            Restart.await("web is healthy on both again", () -> healthy("web") == 2);
            story.figure(
                    name + " " + signal + ": start to everybody together",
                    Duration.ofNanos(System.nanoTime() - started));
        }

        void awaitTogether() {
            for (CulvertAgent one : agents) {
                for (CulvertAgent other : agents) {
                    Restart.await(
                            other.host().name() + " is alive for " + one.host().name(),
                            () -> state(one, other).equals("alive"));
                }
            }
        }

        /** How {@code one} holds {@code other}; empty when it does not know it. */
        String state(CulvertAgent one, CulvertAgent other) {
            String state = "";
            for (JsonNode member : one.api("/v1/culvert/members")) {
                if (member.path("Name").asText().equals(other.host().name())) {
                    assertThat(state)
                            .as("members called " + other.host().name())
                            .isEmpty();
                    state = member.path("State").asText();
                }
            }
            return state;
        }

        /** Healthy instances that all agree upon; -1 while they differ. */
        int healthy(String service) {
            Set<Integer> counts = new TreeSet<>();
            agents.forEach(agent -> counts.add(
                    agent.api("/v1/health/service/" + service + "?passing").size()));
            return counts.size() == 1 ? counts.iterator().next() : -1;
        }
    }
}
