package io.culvert.testbed.scenarios;

import io.culvert.testbed.hosts.CulvertAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files that are wrong, each with the lines that must be said about it: {@code agent/src/test/resources/broken}. */
final class BrokenTable {
    private static final String EXPECTED = ".expected";
    private static final Pattern LINE = Pattern.compile("([^: ]+(?::\\d+){0,2}): (warning: )?(.*)");

    private BrokenTable() {}

    /** What is said at one place; {@code place} is {@code file:line} or {@code file:line:column}. */
    record Message(String place, boolean isError, String text) {
        static Message parse(String line) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new AssertionError("not a message with a place: " + line);
            }
            return new Message(matcher.group(1), matcher.group(2) == null, matcher.group(3));
        }
    }

    /**
     * One row.
     *
     * @param input a service file, a settings file, or a directory of service files
     */
    record Row(Path input, List<String> expected) {
        String name() {
            return input.getFileName().toString();
        }

        List<Message> messages() {
            return expected.stream().map(Message::parse).toList();
        }

        /** Whether it must not take effect; what only earns a warning does. */
        boolean isRefused() {
            return messages().stream().anyMatch(Message::isError);
        }

        boolean isServiceFile() {
            return name().endsWith(".hcl") || name().endsWith(".json");
        }

        boolean isSettings() {
            return name().endsWith(".conf");
        }
    }

    static List<Row> rows() throws IOException {
        Path folder = CulvertAgent.sources().resolve("agent/src/test/resources/broken");
        List<Row> rows = new ArrayList<>(rows(folder));
        rows.addAll(rows(folder.resolve("sets")));
        return rows;
    }

    private static List<Row> rows(Path folder) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.sorted().toList()) {
                Path expected = entry.resolveSibling(entry.getFileName() + EXPECTED);
                if (Files.exists(expected)) {
                    rows.add(new Row(entry, Files.readAllLines(expected)));
                }
            }
        }
        return rows;
    }
}
