package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Position;
import io.culvert.agent.config.syntax.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code culvert.conf} and flags. Reports every problem at once; blocks on the disk. */
public final class SettingsReader {
    private static final int LARGEST_FILE = 1 << 20;

    private SettingsReader() {}

    /**
     * What came of it.
     *
     * @param settings empty when there are errors
     */
    public record Result(Optional<AgentSettings> settings, List<Problem> problems) {
        public Result {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads a file.
     *
     * @param file empty: defaults and flags only
     * @param flags they win over the file
     * @param hostName the node's name unless another is set
     */
    public static Result read(Optional<Path> file, List<SettingFlag> flags, String hostName) {
        String name = file.map(Path::toString).orElse("settings");
        Problems problems = new Problems();
        String text = file.map(path -> open(path, problems)).orElse("");
        return read(name, text, flags, hostName, problems);
    }

    /** Reads a text. */
    static Result read(String name, String text, List<SettingFlag> flags, String hostName, Problems problems) {
        SettingsSource source = new SettingsSource(name, problems);
        source.read(text);
        source.override(flags);
        SettingValues values = new SettingValues(name, source.values(), problems);
        Optional<AgentSettings> settings = new SettingsBuilder(values, hostName).build();
        SettingsRules.check(values, settings);
        return new Result(problems.hasErrors() ? Optional.empty() : settings, problems.sorted());
    }

    private static String open(Path file, Problems problems) {
        Position position = Position.of(file.toString());
        try {
            if (!Files.isRegularFile(file)) {
                problems.error(position, Files.exists(file) ? "is no regular file" : "does not exist");
                return "";
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(LARGEST_FILE + 1);
                if (content.length > LARGEST_FILE) {
                    problems.error(position, "the file is too large (expected: at most " + LARGEST_FILE + " bytes)");
                    return "";
                }
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(content))
                        .toString();
            }
        } catch (CharacterCodingException e) {
            problems.error(position, "is not UTF-8 text");
            return "";
        } catch (IOException e) {
            problems.error(position, "cannot be read: " + e);
            return "";
        }
    }
}
