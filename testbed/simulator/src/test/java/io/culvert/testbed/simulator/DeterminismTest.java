package io.culvert.testbed.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The same seed gives the same run: twice in one process, in another process (whose immutable collections have another
 * order), and on every Java that is installed here.
 */
class DeterminismTest {
    private static final Path JAVAS = Path.of("/usr/lib/jvm");
    private static final long PINNED = 0x20612097ad81b94dL;

    @Test
    void the_queue_and_the_chances_of_a_seed_are_the_same_for_ever() {
        World world = new World(4_711);
        SplittableRandom chance = world.random("a purpose");
        chain(world, chance, 1_000);
        chain(world, chance, 1_000);
        world.run(Duration.ofHours(1));
        assertThat(world.happened()).isEqualTo(2_002);
        assertThat(world.hash()).isEqualTo(PINNED);
    }

    private static void chain(World world, SplittableRandom chance, int left) {
        long delay = chance.nextLong(1_000_000_000L);
        // Every other event falls on a full second, so that many happen at once.
        long rounded = left % 2 == 0 ? delay : 1_000_000_000L - world.now() % 1_000_000_000L;
        world.after(rounded, () -> {
            world.note(left);
            if (left > 0) {
                chain(world, chance, left - 1);
            }
        });
    }

    @Test
    void events_of_one_time_happen_in_the_order_of_their_making() {
        World world = new World(1);
        List<Integer> happened = new ArrayList<>();
        List<Integer> expected = new ArrayList<>();
        for (int second = 3; second > 0; second--) {
            for (int i = 0; i < 50; i++) {
                int number = 100 * second + i;
                world.after(Duration.ofSeconds(second), () -> happened.add(number));
            }
        }
        for (int second = 1; second <= 3; second++) {
            for (int i = 0; i < 50; i++) {
                expected.add(100 * second + i);
            }
        }
        world.run(Duration.ofSeconds(2));
        assertThat(happened).isEqualTo(expected.subList(0, 100));
        world.run(Duration.ofSeconds(2));
        assertThat(happened).isEqualTo(expected);
    }

    @Test
    void a_run_is_the_same_in_another_process_and_on_every_java() throws Exception {
        long seed = Seeds.seeds(1).findFirst().orElseThrow();
        String here = Long.toHexString(new MixedFaults(seed, 12).run().hash());
        for (Path java : javas()) {
            assertThat(elsewhere(java, seed))
                    .as("hash of seed %d on %s", seed, java)
                    .isEqualTo(here);
        }
    }

    private static List<Path> javas() throws IOException {
        List<Path> javas = new ArrayList<>();
        javas.add(Path.of(System.getProperty("java.home"), "bin", "java"));
        if (Files.isDirectory(JAVAS)) {
            try (DirectoryStream<Path> installed = Files.newDirectoryStream(JAVAS, "*25*")) {
                for (Path home : installed) {
                    Path java = home.resolve("bin").resolve("java");
                    if (Files.isExecutable(java)) {
                        javas.add(java);
                    }
                }
            }
        }
        return javas;
    }

    private static String elsewhere(Path java, long seed) throws Exception {
        Process run = new ProcessBuilder(
                        java.toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeterminismTest.class.getName(),
                        Long.toString(seed))
                .redirectErrorStream(true)
                .start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(run.waitFor()).as(said).isZero();
        return said;
    }

    /** The other process: prints the hash of one run. */
    public static void main(String[] arguments) {
        System.out.println(Long.toHexString(
                new MixedFaults(Long.parseLong(arguments[0]), 12).run().hash()));
    }
}
