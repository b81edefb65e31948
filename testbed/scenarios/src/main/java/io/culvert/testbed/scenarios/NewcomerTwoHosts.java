package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.hosts.Command;
import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.Spawned;
import io.culvert.testbed.hosts.Testbed;
import io.culvert.testbed.scenarios.ReadMe.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The README's section about two hosts, with a real database on the first one. */
final class NewcomerTwoHosts implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String AGENT = "./culvert agent ";
    private static final String SOCKETS = "/run/mysqld";

    private final Machine first;
    private final Machine second;
    private String token = "";

    NewcomerTwoHosts(Testbed testbed, Path clone) {
        List<String> own = new ArrayList<>(List.of("/var/lib/culvert", "/etc/culvert"));
        second = new Machine(testbed.host("app-1"), clone, own);
        own.add(SOCKETS);
        first = new Machine(testbed.host("db-1"), clone, own);
    }

    void play(ReadMe readMe, Story story) {
        database();
        story.step("two hosts, db-1 with MariaDB and app-1");
        for (Machine machine : List.of(first, second)) {
            machine.type("mkdir -p /etc/culvert/conf.d").orFail();
        }
        for (Block block : readMe.blocks("Two hosts")) {
            if (block.language().equals("hcl")) {
                first.write("/etc/culvert/conf.d/mysql.hcl", block.text());
                story.step("the file of the README is dropped into /etc/culvert/conf.d on db-1");
            } else {
                block.lines().forEach(line -> type(line, story));
            }
        }
        assertThat(token).as("the token that was printed").isNotEmpty();
    }

    /** A line that starts an agent opens a terminal of its own; with a token it is the second host's. */
    private void type(String line, Story story) {
        String words = line.substring(2)
                .replace("10.0.0.1", first.address())
                .replace("10.0.0.2", second.address())
                .replace("TOKEN", token);
        if (words.startsWith(AGENT)) {
            Machine machine = words.contains("--join") ? second : first;
            Spawned agent = machine.leaveRunning("agent", words, Map.of());
            CulvertAgent.await("the agent on " + machine.host().name() + " is ready", SOON, () -> {
                assertThat(agent.isAlive())
                        .as("the agent lives:\n" + agent.log())
                        .isTrue();
                return agent.log().contains(": ready");
            });
            story.step(machine.host().name() + " " + line + "  (in a terminal of its own)");
        } else if (words.equals("./culvert join-token")) {
            token = first.type(words).orFail().strip();
            assertThat(token).as("the token is one line").doesNotContain("\n");
            story.step("db-1 " + line);
        } else {
            onAnyHost(line, words, story);
        }
    }

    private void onAnyHost(String line, String words, Story story) {
        if (words.startsWith("mysql ")) {
            CulvertAgent.await(
                    "mysql is healthy on app-1",
                    SOON,
                    () -> second.type("dig +short @127.0.0.1 -p 8600 mysql.service.mesh")
                            .output()
                            .startsWith(first.address()));
            Command.Result answer = second.type(words + " --batch --skip-column-names <<< 'select 40 + 2'");
            assertThat(answer.orFail().strip()).as("what the database answered").isEqualTo("42");
            story.step("app-1 " + line + "  (select 40 + 2: 42)");
        } else {
            // Intentions are changed on the server, as the page says.
            story.step("db-1 " + line + "  " + first.type(words).orFail().strip());
        }
    }

    @Override
    public void close() throws IOException {
        first.close();
        second.close();
    }

    private void database() {
        Path data = first.host().folder().resolve("mysql");
        first.type("mkdir " + data + " && chown -R mysql:mysql " + SOCKETS + " " + data
                        + " && mariadb-install-db --no-defaults --user=mysql --datadir=" + data
                        + " --skip-test-db --auth-root-authentication-method=socket")
                .orFail();
        first.leaveRunning(
                "mariadbd",
                "mariadbd --no-defaults --user=mysql --datadir=" + data + " --socket=" + SOCKETS
                        + "/mysqld.sock --pid-file=" + data + "/pid --skip-networking --innodb-buffer-pool-size=64M",
                Map.of("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin"));
        CulvertAgent.await(
                "MariaDB answers", SOON, () -> first.type("mysqladmin ping").succeeded());
    }
}
