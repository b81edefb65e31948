package io.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The start script gives some commands few jars; what they need must be in those. */
class ShortClassPathTest {
    private static final Path SCRIPT = Path.of("src/dist/bin/culvert");

    static Stream<String> shortCommands() throws IOException {
        Matcher line = find("(?m)^ {2}(join \\|.*)\\)$");
        return Arrays.stream(line.group(1).split("\\|")).map(String::strip);
    }

    private static Matcher find(String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(Files.readString(SCRIPT));
        assertThat(found.find()).as("%s in %s", pattern, SCRIPT).isTrue();
        return found;
    }

    @ParameterizedTest
    @MethodSource("shortCommands")
    void a_command_with_the_short_class_path_runs_on_it_alone(String command) throws Exception {
        try (URLClassLoader alone = new URLClassLoader(shortClassPath(), ClassLoader.getPlatformClassLoader());
                FakeAgent agent = new FakeAgent()) {
            Method run = alone.loadClass("io.culvert.cli.Main").getDeclaredMethod("run", String[].class);
            run.setAccessible(true);

            assertThat(run.invoke(null, (Object) new String[] {command, "--help"}))
                    .isEqualTo(0);
            if (command.equals("services")) {
                agent.answers("GET /v1/culvert/services", 200, "[{\"Name\":\"db\",\"Tags\":[\"a\"]}]");
                assertThat(run.invoke(null, (Object) new String[] {command, "--http-addr", agent.address()}))
                        .isEqualTo(0);
            }
        }
    }

    /** The jars that the script names, found on the class path of this test. */
    private static URL[] shortClassPath() throws IOException {
        Matcher line = find("for jar in (.*); do");
        List<URL> jars = new ArrayList<>();
        for (String pattern : line.group(1).split(" ")) {
            String name = pattern.replaceAll(".*/lib/|\\*\\.jar$", "");
            String found = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(entry -> name.equals("culvert-cli-")
                            ? entry.endsWith("cli/target/classes")
                            : new File(entry).getName().startsWith(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " is not on the class path"));
            jars.add(Path.of(found).toUri().toURL());
        }
        return jars.toArray(URL[]::new);
    }
}
