package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.culvert.testbed.hosts.Command;
import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.Testbed;
import io.culvert.testbed.scenarios.BrokenTable.Message;
import io.culvert.testbed.scenarios.BrokenTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Every broken file of the table, by {@code culvert validate} and in the config directory of a running agent: the exact
 * message at the exact place, the last good version in force, and nothing else touched.
 */
public final class BadFiles implements Scenario {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int AT_ONCE = 3;
    private static final int LEAST_ROWS = 60;

    @Override
    public String name() {
        return "bad-files";
    }

    @Override
    public void play(Testbed testbed, Story story) throws Exception {
        List<Row> rows = BrokenTable.rows();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(LEAST_ROWS);
        validateEach(rows, story);
        CulvertAgent agent = new CulvertAgent(testbed.host("one"), "--server");
        settingsAtStart(agent, rows, story);
        List<Row> files =
                rows.stream().filter(Row::isServiceFile).filter(Row::isRefused).toList();
        new WhileRunning(agent.start(), files, story).play();
    }

    private static void validateEach(List<Row> rows, Story story) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> checks = new ArrayList<>();
            for (Row row : rows) {
                checks.add(threads.submit(() -> validate(row)));
            }
            for (Future<?> check : checks) {
                check.get();
            }
        } finally {
            threads.shutdownNow();
        }
        story.step(rows.size()
                + " broken files, settings and sets: culvert validate says exactly what is wrong, and where");
    }

    private static void validate(Row row) {
        Path input = row.input();
        Command.Result result = Command.run(
                List.of(CulvertAgent.culvert(), "validate", input.toString()),
                Map.of("LC_ALL", "C.UTF-8"), // some messages have letters that ASCII has not
                Command.PATIENCE);
        String folder = (Files.isDirectory(input) ? input : input.getParent()) + "/";
        List<String> said = result.output()
                .lines()
                .filter(line -> !line.startsWith("Not valid: ") && !line.startsWith("Valid: "))
                .map(line -> line.replace(folder, ""))
                .toList();
        assertThat(said).as("what is said of " + row.name()).isEqualTo(row.expected());
        assertThat(result.exitCode()).as("exit code for " + row.name()).isEqualTo(row.isRefused() ? 1 : 0);
    }

    /** An agent with broken settings says the same and does not start. */
    private static void settingsAtStart(CulvertAgent agent, List<Row> rows, Story story) {
        Row row = rows.stream()
                .filter(Row::isSettings)
                .filter(Row::isRefused)
                .findFirst()
                .orElseThrow();
        Command.Result result =
                agent.culvert("agent", "--server", "--config", row.input().toString());
        assertThat(result.exitCode())
                .as("exit code of an agent with " + row.name())
                .isEqualTo(1);
        for (Message message : row.messages()) {
            assertThat(result.output()).contains(message.place() + ": " + message.text());
        }
        story.step("an agent with broken settings does not start: "
                + result.output().strip());
    }

    /** All files of the table in one config directory. */
    private static final class WhileRunning {
        private final CulvertAgent agent;
        private final List<Row> rows;
        private final Story story;

        WhileRunning(CulvertAgent agent, List<Row> rows, Story story) {
            this.agent = agent;
            this.rows = rows;
            this.story = story;
        }

        void play() throws IOException {
            agent.configure("good.hcl", """
                    service {
                      name = "good"
                      port = 7001
                      check { tcp = "127.0.0.1:8500"  interval = "1s"  timeout = "1s" }
                      connect { sidecar_service {} }
                    }
                    """);
            for (int i = 0; i < rows.size(); i++) {
                put(i, "first");
            }
            await("every service is there", () -> services("first").size() == rows.size() && passing("good"));
            JsonNode good = agent.api("/v1/health/service/good");
            story.step(rows.size() + " services from as many files, and one more");

            long broken = System.nanoTime();
            breakAll();
            awaitAllShown();
            story.figure("all files broken to all problems in status", Duration.ofNanos(System.nanoTime() - broken));
            untouched("first", good);
            shownToPeople();

            reloadSaysAll();
            restart(good);
            repair(good);
            delete(good);
            changedByReloadAndSignal();
        }

        private void breakAll() throws IOException {
            for (Row row : rows) {
                Path fresh = agent.configFolder().resolve("." + row.name() + ".new");
                Files.copy(row.input(), fresh, StandardCopyOption.REPLACE_EXISTING);
                Files.move(fresh, file(row), StandardCopyOption.ATOMIC_MOVE);
            }
        }

        private void awaitAllShown() {
            Set<Message> expected = expected();
            CulvertAgent.awaitAsserted(SOON, () -> {
                // At no moment may a broken file have taken its service away.
                if (services("first").size() != rows.size()) {
                    throw new IllegalStateException("a broken file took its service away");
                }
                assertShown(expected);
            });
        }

        /** Other files' services are what they were; nothing else is shown. */
        private void untouched(String tag, JsonNode good) {
            assertShown(expected());
            assertThat(services(tag)).as("services of broken files").hasSize(rows.size());
            assertThat(agent.api("/v1/agent/services").size())
                    .as("services in all")
                    .isEqualTo(rows.size() + 1);
            assertThat(agent.api("/v1/health/service/good"))
                    .as("the service of a good file")
                    .isEqualTo(good);
        }

        private void shownToPeople() {
            Command.Result status = agent.culvert("status");
            for (Message message : expected()) {
                assertThat(shortened(status.output()))
                        .contains(message.place() + ": ")
                        .contains(message.text());
            }
            assertThat(agent.culvert("status", "--fail").exitCode())
                    .as("exit code of status --fail")
                    .isEqualTo(1);
            story.step("each is shown by 'culvert status'; the last good versions stay in force");
        }

        /** Reloading by command and by signal finds the same, says all of it, and changes nothing. */
        private void reloadSaysAll() {
            Command.Result reload = agent.culvert("reload");
            assertThat(reload.exitCode()).as("exit code of reload").isEqualTo(1);
            String before = agent.process().log();
            agent.process().signal("HUP");
            await("the log tells every problem again after HUP", () -> {
                String log = agent.process().log().substring(before.length());
                return expected().stream().filter(Message::isError).allMatch(message -> log.contains(message.place()));
            });
            String log =
                    shortened(agent.process().log().substring(before.length()).replace("\\\"", "\""));
            for (Message message : expected()) {
                if (message.isError()) {
                    assertThat(shortened(reload.output())).contains(message.place() + ": " + message.text());
                    assertThat(log).contains(message.place() + ": " + message.text());
                }
            }
            assertThat(services("first")).hasSize(rows.size());
            story.step("'culvert reload' and HUP find the same and say all of it");
        }

        /** The last good version outlives the process that knew it. */
        private void restart(JsonNode good) {
            agent.process().kill();
            agent.start();
            await("all is as before the restart", () -> services("first").size() == rows.size() && passing("good"));
            assertShown(expected());
            assertThat(agent.api("/v1/health/service/good").at("/0/Service/ID")).isEqualTo(good.at("/0/Service/ID"));
            story.step("kill -9 and restart: the last good versions are still in force");
        }

        private void repair(JsonNode good) {
            long repaired = System.nanoTime();
            for (int i = 0; i < rows.size(); i++) {
                put(i, "second");
            }
            await("every repaired file is in force", () -> services("second").size() == rows.size());
            story.figure("all files repaired to all in force", Duration.ofNanos(System.nanoTime() - repaired));
            assertThat(shown()).as("problems in the status").isEmpty();
            assertThat(agent.culvert("status", "--fail").exitCode())
                    .as("exit code of status --fail")
                    .isZero();
            assertThat(agent.culvert("reload").exitCode())
                    .as("exit code of reload")
                    .isZero();
            assertThat(passing("good")).isTrue();
            assertThat(good.at("/0/Service/ID").asText()).isEqualTo("good");
        }

        private void delete(JsonNode good) throws IOException {
            int half = rows.size() / 2;
            for (Row row : rows.subList(0, half)) {
                Files.delete(file(row));
            }
            await("deleted files' services are gone", () -> services("second").size() == rows.size() - half);
            assertThat(services("second")).doesNotContain("kept-0").contains("kept-" + (rows.size() - 1));
            // A broken file that is deleted takes its last good version with it.
            breakAll();
            await("the rest is broken again", () -> shown().size() >= rows.size() - half);
            for (Row row : rows) {
                Files.deleteIfExists(file(row));
            }
            await(
                    "only the good one is left",
                    () -> agent.api("/v1/agent/services").size() == 1);
            assertThat(shown()).isEmpty();
            assertThat(passing("good")).isTrue();
            assertThat(good.size()).isEqualTo(1);
            story.step("deleted files take their services with them, broken or not");
        }

        /** What the watcher is slow to see, the target of a link, is read at once by both. */
        private void changedByReloadAndSignal() throws IOException {
            Path target = agent.host().write("elsewhere/linked.hcl", linked("one"));
            Files.createSymbolicLink(agent.configFolder().resolve("linked.hcl"), target);
            await("the linked file is in force", () -> services("one").contains("linked"));
            Files.writeString(target, linked("two"));
            agent.culvert("reload").orFail();
            assertThat(services("two")).as("after reload").contains("linked");
            Files.writeString(target, linked("three"));
            agent.process().signal("HUP");
            await("after HUP", () -> services("three").contains("linked"));
            story.step("a change is in force when 'culvert reload' returns, and right after HUP");
        }

        private static String linked(String tag) {
            return "service {\n  name = \"linked\"\n  port = 7002\n  tags = [\"" + tag + "\"]\n}\n";
        }

        private void put(int number, String tag) {
            Row row = rows.get(number);
            String name = "kept-" + number;
            int port = 10_000 + number;
            agent.configure(
                    row.name(),
                    row.name().endsWith(".json") ? """
                            {"service": {"name": "%s", "port": %d, "tags": ["%s"]}}
                            """.formatted(name, port, tag) : """
                            service {
                              name = "%s"
                              port = %d
                              tags = ["%s"]
                            }
                            """.formatted(name, port, tag));
        }

        private Path file(Row row) {
            return agent.configFolder().resolve(row.name());
        }

        private Set<Message> expected() {
            Set<Message> expected = new HashSet<>();
            rows.forEach(row -> expected.addAll(row.messages()));
            return expected;
        }

        /** What the status shows, with places as the table has them. */
        private Set<Message> shown() {
            Set<Message> shown = new HashSet<>();
            for (JsonNode problem : agent.api("/v1/culvert/status").path("Problems")) {
                shown.add(new Message(
                        shortened(problem.path("Place").asText()),
                        problem.path("Severity").asText().equals("error"),
                        shortened(problem.path("Message").asText())));
            }
            return shown;
        }

        /** With places as the table has them. */
        private String shortened(String text) {
            return text.replace(agent.configFolder() + "/", "");
        }

        private void assertShown(Set<Message> expected) {
            Set<Message> shown = shown();
            Set<Message> missing = new HashSet<>(expected);
            missing.removeAll(shown);
            shown.removeAll(expected);
            assertThat(missing).as("problems that the status does not show").isEmpty();
            assertThat(shown)
                    .as("problems that the status shows and the table has not")
                    .isEmpty();
        }

        private Set<String> services(String tag) {
            Set<String> names = new TreeSet<>();
            for (JsonNode service : agent.api("/v1/agent/services")) {
                if (service.path("Tags").path(0).asText().equals(tag)) {
                    names.add(service.path("Service").asText());
                }
            }
            return names;
        }

        private boolean passing(String name) {
            JsonNode checks = agent.api("/v1/health/service/" + name).at("/0/Checks");
            for (JsonNode check : checks) {
                if (!check.path("Status").asText().equals("passing")) {
                    return false;
                }
            }
            return checks.size() > 1;
        }

        private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
            CulvertAgent.await(what, SOON, condition);
        }
    }
}
