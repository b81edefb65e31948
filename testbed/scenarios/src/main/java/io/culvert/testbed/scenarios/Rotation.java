package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.JavaProgram;
import io.culvert.testbed.hosts.Spawned;
import io.culvert.testbed.hosts.Testbed;
import io.culvert.testbed.load.LoadClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of gossip are changed under load while one of three hosts is down: nobody who lives is lost, nothing is
 * truncated, and the host that slept through it comes back although nobody understands its old key any more.
 */
public final class Rotation implements Scenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SERVICE = "alpha";
    private static final int PORT = 7_001;

    @Override
    public String name() {
        return "rotation";
    }

    @Override
    public void play(Testbed testbed, Story story) throws Exception {
        Mesh mesh = Mesh.of(testbed, story, "srv", "two", "three");
        CulvertAgent server = mesh.agent("srv");
        CulvertAgent two = mesh.agent("two");
        CulvertAgent three = mesh.agent("three");
        for (CulvertAgent agent : List.of(two, three)) {
            ThreeHosts.serve(agent, SERVICE, PORT);
        }
        server.culvert("intention", "create", "host/srv", SERVICE).orFail();
        CulvertAgent.await("both instances are healthy", PATIENCE, () -> healthy(server) == 2);
        Path stop = testbed.folder().resolve("stop-rotation");
        Spawned load = JavaProgram.spawn(
                server.host(),
                "load",
                LoadClient.class,
                stop.toString(),
                "5",
                SERVICE + "=" + server.resolve(SERVICE + ".mesh") + ":" + PORT);
        CulvertAgent.await("load is answered", PATIENCE, () -> load.log().contains("t "));

        String before = keys(server, "two").get(0);
        refuses(two);
        rotate(server, story, "while all live");
        String between = keys(server, "two").get(0);
        assertThat(between).isNotEqualTo(before);
        assertThat(keys(server, "three")).containsExactly(between);

        three.process().kill();
        CulvertAgent.await("the dead host is noticed", PATIENCE, () -> mesh.alive(server) == 2 && mesh.alive(two) == 2);
        rotate(server, story, "while a host is down");
        assertThat(keys(server, "two")).as("one key is left").hasSize(1).doesNotContain(before, between);
        assertThat(mesh.alive(server)).isEqualTo(2);

        long started = System.currentTimeMillis();
        three.start();
        CulvertAgent.await(
                "the host that was down is back everywhere",
                PATIENCE,
                () -> mesh.alive(server) == 3 && mesh.alive(two) == 3 && mesh.alive(three) == 3);
        story.figure("back after", Duration.ofMillis(System.currentTimeMillis() - started));
        assertThat(keys(server, "three")).isEqualTo(keys(server, "srv"));
        CulvertAgent.await("both instances are healthy again", PATIENCE, () -> healthy(server) == 2);
        output(server, story);

        Files.writeString(stop, "");
        load.await();
        String result = load.log()
                .lines()
                .filter(line -> line.startsWith("whole="))
                .findFirst()
                .orElse(load.log());
        story.step(result);
        assertThat(result).contains(" wrong=0 truncated=0").doesNotContain("whole=0 ");
        for (CulvertAgent agent : List.of(server, two)) {
            assertThat(agent.metrics().count("culvert_gossip_member_changes_total", "to", "failed"))
                    .as("only the host that was killed was ever given up")
                    .isEqualTo(1);
        }
    }

    private static long healthy(CulvertAgent agent) {
        return agent.api("/v1/health/service/" + SERVICE + "?passing").size();
    }

    /** Root on a host that is no server cannot lock the others out. */
    private static void refuses(CulvertAgent agent) {
        var refused = agent.culvert("keyring", "rotate");
        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.output()).contains("on the server of the mesh").contains("srv");
    }

    private static void rotate(CulvertAgent server, Story story, String when) {
        String told = story.timed(
                "rotation " + when, () -> server.culvert("keyring", "rotate").orFail());
        assertThat(told).contains("SEALS WITH").doesNotContain("failed");
    }

    /** What a host's ring is, as the server hears it from that host. */
    private static List<String> keys(CulvertAgent server, String host) {
        server.culvert("keyring", "list").orFail();
        List<String> keys = new ArrayList<>();
        for (JsonNode each : server.api("/v1/culvert/keyring").get("Hosts")) {
            if (each.get("Node").asText().equals(host)) {
                each.get("Keys").forEach(key -> keys.add(key.asText()));
            }
        }
        return keys;
    }

    /** Output of another host's check, fetched from it over the requests that the rotation used as well. */
    private static void output(CulvertAgent server, Story story) {
        String checks =
                server.culvert("checks", "--service", SERVICE, "--output").orFail();
        assertThat(checks.lines().filter(line -> line.contains("three") && line.contains("127.0.0.1:" + PORT)))
                .as(checks)
                .isNotEmpty();
        story.step("output of checks on other hosts is shown");
    }
}
