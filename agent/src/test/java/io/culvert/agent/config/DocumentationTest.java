package io.culvert.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentationTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/configuration.md"));
    }

    static Stream<Schema> schemas() {
        return Schemas.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void every_key_of_a_block_is_in_its_table_and_nothing_else(Schema schema) throws IOException {
        String heading = schema == Schemas.FILE ? "### At the top of a file" : "### `" + schema.block() + "`";
        assertThat(page()).contains(heading + "\n");
        String section = page().substring(page().indexOf(heading + "\n") + heading.length());
        section = section.substring(0, Math.max(section.indexOf("\n##"), 0));
        assertThat(firstColumn(section))
                .containsExactlyInAnyOrderElementsOf(
                        schema.keys().stream().map(SchemaKey::name).toList());
    }

    @Test
    void every_setting_is_in_the_table_with_its_default_and_nothing_else() throws IOException {
        String section = page().substring(page().indexOf("## `culvert.conf`"));
        assertThat(firstColumn(section))
                .containsExactlyInAnyOrderElementsOf(
                        SettingsSchema.ALL.stream().map(SettingKey::path).toList());
        for (SettingKey key : SettingsSchema.ALL) {
            String row = section.lines()
                    .filter(line -> line.startsWith("| `" + key.path() + "`"))
                    .findFirst()
                    .orElseThrow();
            if (!key.defaultText().isEmpty()) {
                assertThat(row.split("\\|")[3]).as(key.path()).contains("`" + key.defaultText() + "`");
            }
        }
    }

    /** The words in code type of the first column of a table. */
    private static List<String> firstColumn(String section) {
        TreeSet<String> words = new TreeSet<>();
        section.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            Matcher code = CODE.matcher(line.split("\\|")[1]);
            while (code.find()) {
                words.add(code.group(1));
            }
        });
        return List.copyOf(words);
    }

    @Test
    void the_examples_are_right_as_they_are() {
        LoadedConfig loaded = new ConfigLoader(
                        List.of(ROOT.resolve("conf.d")), BindRules.DEFAULT, Optional.empty(), id -> false)
                .validate();
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.services())
                .extracting(service -> service.instance().id())
                .containsExactly("demo", "shop");
        assertThat(loaded.intentions()).hasSize(2);
    }

    @Test
    void the_examples_of_the_page_are_right_as_they_are() throws IOException {
        Matcher blocks = Pattern.compile("```hcl\n(.*?)```", Pattern.DOTALL).matcher(page());
        int found = 0;
        while (blocks.find()) {
            Problems problems = new Problems();
            ServiceFile read = FileBinder.read(
                    "page.hcl",
                    blocks.group(1).getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    BindRules.DEFAULT,
                    problems);
            assertThat(problems.sorted()).isEmpty();
            assertThat(read.claims()).isNotEmpty();
            found++;
        }
        assertThat(found).isEqualTo(2);
    }
}
