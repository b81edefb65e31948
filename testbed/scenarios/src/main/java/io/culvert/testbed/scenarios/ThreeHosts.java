package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.Host;
import io.culvert.testbed.hosts.JavaProgram;
import io.culvert.testbed.hosts.Spawned;
import io.culvert.testbed.hosts.Testbed;
import io.culvert.testbed.load.AnsweringServer;
import io.culvert.testbed.load.LoadClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two services, each on two hosts, under load from a third while one host is cut off, killed, paused and brought back:
 * nothing is ever delivered to the wrong service, no answer is truncated and looks whole, and traffic moves.
 */
public final class ThreeHosts implements Scenario {
    /** Suspicion on a pool of three lasts some six seconds; streams that hang are given up within the open budget. */
    private static final Duration DETECTION = Duration.ofSeconds(60);

    private static final List<String> SERVICES = List.of("alpha", "beta");

    @Override
    public String name() {
        return "three-hosts";
    }

    @Override
    public void play(Testbed testbed, Story story) throws Exception {
        Mesh mesh = Mesh.of(testbed, story, "app", "one", "two");
        CulvertAgent app = mesh.agent("app");
        for (String host : List.of("one", "two")) {
            int port = 7_001;
            for (String service : SERVICES) {
                serve(mesh.agent(host), service, port++);
            }
        }
        SERVICES.forEach(service ->
                app.culvert("intention", "create", "host/app", service).orFail());
        for (String service : SERVICES) {
            CulvertAgent.await(
                    "both instances of " + service + " are healthy",
                    DETECTION,
                    () -> app.api("/v1/health/service/" + service + "?passing").size() == 2);
        }
        Path stop = testbed.folder().resolve("stop");
        List<String> targets = new ArrayList<>();
        int port = 7_001;
        for (String service : SERVICES) {
            String name = service + ".mesh";
            CulvertAgent.await(
                    name + " resolves", DETECTION, () -> app.resolve(name).startsWith("127."));
            targets.add(service + "=" + app.resolve(name) + ":" + port++);
        }
        targets.addAll(0, List.of(stop.toString(), "0"));
        Spawned load = JavaProgram.spawn(app.host(), "load", LoadClient.class, targets.toArray(String[]::new));
        Traffic traffic = new Traffic(load, story);
        traffic.awaitFrom("one", "two");
        story.step("load runs: " + String.join(", ", targets.subList(2, targets.size())));

        Host one = mesh.agent("one").host();
        traffic.moves("cut off", "one", "two", one::cut, one::heal);
        CulvertAgent agent = mesh.agent("one");
        traffic.moves("agent killed", "one", "two", () -> agent.process().kill(), agent::start);
        traffic.moves(
                "agent paused",
                "one",
                "two",
                () -> agent.process().signal("STOP"),
                () -> agent.process().signal("CONT"));

        Files.writeString(stop, "");
        load.await();
        String result = load.log()
                .lines()
                .filter(line -> line.startsWith("whole="))
                .findFirst()
                .orElse(load.log());
        story.step(result);
        assertThat(result).contains(" wrong=0 truncated=0");
        assertThat(result).doesNotContain("whole=0 ");
    }

    /** A server of {@code service} on the agent's host that says who it is, declared with a check and open to the mesh. */
    static void serve(CulvertAgent agent, String service, int port) {
        Spawned server = JavaProgram.spawn(
                agent.host(),
                service,
                AnsweringServer.class,
                service,
                agent.host().name(),
                Integer.toString(port));
        CulvertAgent.await(service + " listens", DETECTION, () -> server.log().contains("listening"));
        agent.configure(service + ".hcl", """
            service {
              name = "%s"
              port = %d
              check { tcp = "127.0.0.1:%d"  interval = "1s"  timeout = "1s" }
              connect { sidecar_service {} }
            }
            """.formatted(service, port, port));
    }

    /** What the load has seen, read from its log as it grows. */
    private static final class Traffic {
        private final Spawned load;
        private final Story story;

        Traffic(Spawned load, Story story) {
            this.load = load;
            this.story = story;
        }

        /** Breaks a host, waits until both services are answered by the other one without it, mends it, waits until it is back. */
        void moves(String what, String broken, String other, Runnable breaks, Runnable mends) throws IOException {
            long at = System.currentTimeMillis();
            breaks.run();
            story.step("host " + broken + ": " + what);
            CulvertAgent.await(
                    "traffic moves to " + other, DETECTION, () -> last(other) > at + 3_000 && lastLine(other, at));
            story.figure("longest time without any answer", longestGap(at));
            story.figure("last answer from " + broken + " after", Duration.ofMillis(Math.max(0, last(broken) - at)));
            mends.run();
            long mended = System.currentTimeMillis();
            CulvertAgent.await(broken + " serves again", DETECTION, () -> last(broken) > mended);
            story.figure("back in service after", Duration.ofMillis(firstAfter(broken, mended) - mended));
        }

        void awaitFrom(String... hosts) {
            for (String host : hosts) {
                CulvertAgent.await("answers from " + host, DETECTION, () -> last(host) > 0);
            }
        }

        private boolean lastLine(String host, long since) {
            return SERVICES.stream()
                    .allMatch(service -> answers(service, host).stream().anyMatch(time -> time > since + 3_000));
        }

        private List<Long> answers(String service, String host) {
            return load.log()
                    .lines()
                    .filter(line -> line.startsWith("t ") && line.endsWith(" " + service + " " + host))
                    .map(line -> Long.parseLong(line.split(" ")[1]))
                    .toList();
        }

        private long last(String host) {
            return SERVICES.stream()
                    .flatMap(service -> answers(service, host).stream())
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
        }

        private long firstAfter(String host, long time) {
            return SERVICES.stream()
                    .flatMap(service -> answers(service, host).stream())
                    .mapToLong(Long::longValue)
                    .filter(answer -> answer > time)
                    .min()
                    .orElse(time);
        }

        private Duration longestGap(long since) {
            long[] times = load.log()
                    .lines()
                    .filter(line -> line.startsWith("t "))
                    .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                    .filter(time -> time >= since)
                    .sorted()
                    .toArray();
            long longest = 0;
            long previous = since;
            for (long time : times) {
                longest = Math.max(longest, time - previous);
                previous = time;
            }
            return Duration.ofMillis(longest);
        }
    }
}
