package io.culvert.agent.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Property;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigSyntaxPropertyTest {
    private static final String SEED_HCL = """
            service "web" { name = "web"  port = 0x1F /* c */ tags = ["a", "b",] # d
              check { args = ["x", "${y "}"}"] interval = "10s" }
              note = <<-EOF
                text
                EOF
              list = [{ a = 1.5e3 }, [true, -7]]
            }
            """;
    private static final String SEED_JSON =
            "{\"service\": {\"name\": \"w\\u00e9b\", \"port\": -80.5e1, \"tags\": [\"a\", null, true, {}]}}";

    private static final String LETTERS = "{}[]\",=:<-#/*$ \n\\ab01";

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void what_is_printed_is_read_back(Dialect dialect) {
        boolean json = dialect == Dialect.JSON;
        Property.forSeeds(500, random -> {
            Value.Table tree = new Trees(random, json).table(4);
            String text = new Printer(random, json).file(tree);
            ParsedFile read = ConfigSyntax.parse("f", text.getBytes(StandardCharsets.UTF_8), dialect);
            assertThat(read.problems()).as(text).isEmpty();
            assertThat(Plain.of(read.root())).as(text).isEqualTo(Plain.of(tree));
        });
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void damaged_text_is_read_or_refused_with_places_inside_it(Dialect dialect) {
        String seed = dialect == Dialect.JSON ? SEED_JSON : SEED_HCL;
        Property.forSeeds(3_000, random -> {
            byte[] damaged = damage(seed.getBytes(StandardCharsets.UTF_8), random);
            ParsedFile read = ConfigSyntax.parse("f", damaged, dialect);
            long lines = 1
                    + new String(damaged, StandardCharsets.UTF_8)
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            assertThat(read.problems()).hasSizeLessThanOrEqualTo(ParseState.MOST_PROBLEMS + 1);
            assertThat(read.problems()).allSatisfy(problem -> {
                assertThat(problem.position().line()).isBetween(1, (int) lines);
                assertThat(problem.position().column()).isPositive();
                assertThat(problem.message().chars()).allMatch(c -> c >= ' ');
            });
        });
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void random_bytes_never_throw(Dialect dialect) {
        Property.forSeeds(2_000, random -> {
            byte[] bytes = Property.bytes(random, random.nextInt(300));
            for (int i = 0; i < bytes.length && random.nextInt(10) > 0; i++) {
                bytes[i] = (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
            }
            assertThat(ConfigSyntax.parse("f", bytes, dialect).root()).isNotNull();
        });
    }

    private static byte[] damage(byte[] text, SplittableRandom random) {
        byte[] damaged = text.clone();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(3)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) "{}[]\",=\n".charAt(random.nextInt(8));
                default -> damaged = java.util.Arrays.copyOf(damaged, Math.max(1, at));
            }
        }
        return damaged;
    }
}
