package io.culvert.testbed.rules;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Where the rooms are, and what each may use: the table of the design. */
final class House {
    /** Package prefix of a room, and the rooms it may use besides itself. */
    static final Map<String, Set<String>> MAY_USE = Map.of(
            "io.culvert.catalog", Set.of(),
            "io.culvert.identity", Set.of("io.culvert.catalog"),
            "io.culvert.gossip", Set.of("io.culvert.catalog"),
            "io.culvert.store", Set.of("io.culvert.catalog", "io.culvert.identity", "io.culvert.gossip"),
            "io.culvert.health", Set.of("io.culvert.catalog"),
            "io.culvert.dns", Set.of("io.culvert.catalog"),
            "io.culvert.proxy", Set.of("io.culvert.catalog", "io.culvert.identity"),
            "io.culvert.agent",
                    Set.of(
                            "io.culvert.catalog",
                            "io.culvert.identity",
                            "io.culvert.gossip",
                            "io.culvert.store",
                            "io.culvert.health",
                            "io.culvert.dns",
                            "io.culvert.proxy"),
            "io.culvert.cli", Set.of("io.culvert.agent"));

    private static final List<String> MODULES = List.of(
            "catalog",
            "identity",
            "gossip",
            "store",
            "health",
            "dns-server",
            "proxy",
            "agent",
            "cli",
            "testbed/kit",
            "testbed/simulator",
            "testbed/scenarios",
            "testbed/bench",
            "testbed/fuzz",
            "testbed/rules");

    private House() {}

    /** The project's root: the nearest folder above that holds the build's {@code .mvn}. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        "no .mvn folder above " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }

    static JavaClasses mainClasses() {
        return classes("target/classes");
    }

    static JavaClasses testClasses() {
        return classes("target/test-classes");
    }

    private static JavaClasses classes(String under) {
        List<Path> folders = MODULES.stream()
                .map(module -> root().resolve(module).resolve(under))
                .filter(Files::isDirectory)
                .toList();
        return new ClassFileImporter().importPaths(folders);
    }

    /** Every Java source of {@code src/main} or {@code src/test}. */
    static List<Path> sources(String under) {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            Path folder = root().resolve(module).resolve(under).resolve("java");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return sources;
    }
}
