package io.culvert.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.culvert.agent.config.syntax.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each file under {@code broken}, and each directory under {@code broken/sets}, must get exactly the messages of its {@code .expected}
 * sibling. {@code -Dculvert.broken.write=true} writes what is said now, to be read before it is committed.
 */
class BrokenFilesTest {
    private static final Path BROKEN = Path.of("src/test/resources/broken");

    @TestFactory
    Stream<DynamicTest> every_broken_file_gets_its_message() throws IOException {
        return Stream.concat(
                        inputs(BROKEN).stream().filter(Files::isRegularFile), inputs(BROKEN.resolve("sets")).stream())
                .map(input -> dynamicTest(BROKEN.relativize(input).toString(), () -> check(input)));
    }

    @Test
    void the_table_holds_at_least_sixty_cases() throws IOException {
        assertThat(inputs(BROKEN)).hasSizeGreaterThan(60);
    }

    private static List<Path> inputs(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> !path.toString().endsWith(".expected"))
                    .sorted()
                    .toList();
        }
    }

    private static void check(Path input) throws IOException {
        String said = String.join("\n", messages(input)) + "\n";
        Path expected = input.resolveSibling(input.getFileName() + ".expected");
        if (Boolean.getBoolean("culvert.broken.write")) {
            Files.writeString(expected, said);
        }
        assertThat(said).isEqualTo(Files.readString(expected)).isNotBlank();
    }

    /** With paths shown as if the files stood in the working directory. */
    private static List<String> messages(Path input) {
        String directory = (Files.isDirectory(input) ? input : input.getParent()) + "/";
        return problems(input).stream()
                .map(problem -> problem.toString().replace(directory, ""))
                .toList();
    }

    private static List<Problem> problems(Path input) {
        if (input.toString().endsWith(".conf")) {
            return SettingsReader.read(Optional.of(input), List.of(), "host-1").problems();
        }
        ConfigLoader loader = new ConfigLoader(List.of(input), BindRules.DEFAULT, Optional.empty(), id -> false);
        return loader.validate().problems();
    }
}
