package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.hosts.Command;
import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.Spawned;
import io.culvert.testbed.hosts.Testbed;
import io.culvert.testbed.scenarios.ReadMe.Block;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Somebody who has only the README: a fresh clone, every command of it as it stands there, and what it promises. */
public final class Newcomer implements Scenario {
    private static final Duration BUILD = Duration.ofMinutes(8);
    private static final String AGENT = "./culvert agent ";

    @Override
    public String name() {
        return "newcomer";
    }

    @Override
    public void play(Testbed testbed, Story story) throws Exception {
        Path clone = testbed.folder().resolve("culvert");
        Command.run("git", "clone", "--quiet", CulvertAgent.sources().toString(), clone.toString())
                .orFail();
        ReadMe readMe = ReadMe.parse(Files.readString(clone.resolve("README.md")));
        story.step("a fresh clone of "
                + Command.run("git", "-C", clone.toString(), "log", "-1", "--format=%h %s")
                        .orFail()
                        .strip());
        try (Machine laptop = new Machine(testbed.host("laptop"), clone, List.of("/tmp/culvert-demo"))) {
            tryIt(readMe, laptop, story);
        }
        try (NewcomerTwoHosts hosts = new NewcomerTwoHosts(testbed, clone)) {
            hosts.play(readMe, story);
        }
        for (Block block : readMe.blocks("Test it")) {
            assertThat(block.lines()).as("commands under 'Test it'").containsExactly("$ ./test");
            story.step("$ ./test  (left out: it is what runs this)");
        }
    }

    private static void tryIt(ReadMe readMe, Machine laptop, Story story) {
        List<Promise> promises = new ArrayList<>(Promise.ofTryIt());
        for (Block block : readMe.blocks("Try it")) {
            for (String line : block.lines()) {
                assertThat(line).as("a line under 'Try it'").startsWith("$ ");
                type(line.substring(2), laptop, promises, story);
            }
        }
        assertThat(promises)
                .as("promises that no command of the README was about")
                .isEmpty();
    }

    private static void type(String line, Machine laptop, List<Promise> promises, Story story) {
        if (line.startsWith("apt-get install ")) {
            install(line, laptop, story);
        } else if (line.startsWith(AGENT)) {
            startAgent(line, laptop, story);
        } else {
            Command.Result result = laptop.type(line);
            story.step("$ " + line + "\n" + result.output().strip().indent(14).stripTrailing());
            if (!promises.isEmpty() && promises.get(0).isAbout(line)) {
                promises.remove(0).check(result, laptop);
            } else {
                result.orFail();
            }
        }
    }

    private static void install(String line, Machine laptop, Story story) {
        boolean there = true;
        for (String name : line.replaceAll("^apt-get install|-y", "").strip().split("\\s+")) {
            String state = Command.run("dpkg-query", "-W", "-f=${Status}", name).output();
            there &= state.contains("install ok installed");
        }
        if (!there) {
            laptop.type(line).orFail();
        }
        story.step("$ " + line + (there ? "  (left out: all of it is installed)" : ""));
    }

    private static void startAgent(String line, Machine laptop, Story story) {
        long started = System.nanoTime();
        Spawned agent = laptop.leaveRunning("agent", line, Map.of());
        story.step("$ " + line + "  (in a terminal of its own)");
        CulvertAgent.await("the agent builds, starts and answers", BUILD, () -> {
            assertThat(agent.isAlive()).as("the agent lives:\n" + agent.log()).isTrue();
            return agent.log().contains(": ready");
        });
        story.figure("build and start", Duration.ofNanos(System.nanoTime() - started));
        assertThat(agent.log()).as("progress of the build").contains("culvert: [");
        CulvertAgent.await(
                "the demo is healthy",
                Duration.ofSeconds(20),
                () -> laptop.type("./culvert checks --fail").succeeded());
    }

    /** What the README promises of one command, in the order of the commands. */
    private interface Promise {
        boolean isAbout(String line);

        void check(Command.Result result, Machine laptop);

        static Promise of(String part, java.util.function.BiConsumer<Command.Result, Machine> check) {
            return new Promise() {
                @Override
                public boolean isAbout(String line) {
                    return line.contains(part);
                }

                @Override
                public void check(Command.Result result, Machine laptop) {
                    check.accept(result, laptop);
                }

                @Override
                public String toString() {
                    return part;
                }
            };
        }

        static List<Promise> ofTryIt() {
            return List.of(
                    of(
                            "8600 demo.mesh",
                            (result, laptop) -> assertThat(result.orFail().strip())
                                    .as("demo.mesh")
                                    .matches("127\\.\\d+\\.\\d+\\.\\d+")),
                    of(":8080/", Promise::greets),
                    of("shop-demo.sock", Promise::greets),
                    of(
                            "./culvert services",
                            (result, laptop) -> assertThat(result.orFail())
                                    .as("services")
                                    .containsPattern("(?m)^demo +127\\..* 1 +1 +yes")
                                    .containsPattern("(?m)^shop ")),
                    of(":8080/fail", (result, laptop) -> result.orFail()),
                    of(
                            "./culvert checks",
                            (result, laptop) -> assertThat(result.orFail())
                                    .as("checks after /fail")
                                    .contains(" critical ")),
                    of("demo.service.mesh", Promise::vanishes),
                    of("/recover", (result, laptop) -> result.orFail()),
                    of("./culvert checks", Promise::comesBack),
                    of(
                            "intention list",
                            (result, laptop) -> assertThat(result.orFail())
                                    .as("intentions")
                                    .containsPattern("(?m)^shop +demo +allow ")),
                    of(
                            "intention check shop demo",
                            (result, laptop) -> assertThat(result.orFail())
                                    .as("intention check")
                                    .startsWith("Allowed")),
                    of("intention check demo shop", (result, laptop) -> {
                        assertThat(result.output()).as("intention check").startsWith("Denied");
                        assertThat(result.exitCode())
                                .as("exit code of intention check")
                                .isEqualTo(1);
                    }));
        }

        static void greets(Command.Result result, Machine laptop) {
            assertThat(result.orFail()).as("the greeting of the demo").containsIgnoringCase("hello");
        }

        static void vanishes(Command.Result result, Machine laptop) {
            assertThat(result.orFail())
                    .as("demo.service.mesh while the check is critical")
                    .isBlank();
            Command.Result refused =
                    laptop.type("curl -s --max-time 10 http://$(dig +short @127.0.0.1 -p 8600 demo.mesh):8080/");
            assertThat(refused.exitCode())
                    .as("exit code of curl while the check is critical")
                    .isIn(7, 52, 56);
        }

        static void comesBack(Command.Result result, Machine laptop) {
            assertThat(result.orFail())
                    .as("checks after /recover")
                    .contains(" passing ")
                    .doesNotContain(" critical ");
            assertThat(laptop.type("dig +short @127.0.0.1 -p 8600 demo.service.mesh")
                            .orFail())
                    .as("demo.service.mesh after /recover")
                    .isNotBlank();
        }
    }
}
