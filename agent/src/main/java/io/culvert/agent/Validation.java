package io.culvert.agent;

import io.culvert.agent.config.BindRules;
import io.culvert.agent.config.ConfigLoader;
import io.culvert.agent.config.LoadedConfig;
import io.culvert.agent.config.SettingsReader;
import io.culvert.agent.config.syntax.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads files as an agent would at its start, and changes nothing: what {@code culvert validate} does. */
public final class Validation {
    private static final String SETTINGS_SUFFIX = ".conf";

    private Validation() {}

    /**
     * What was found.
     *
     * @param problems lines with file, line and column, errors and warnings
     */
    public record Result(int services, int files, boolean valid, List<String> problems) {
        public Result {
            problems = List.copyOf(problems);
        }
    }

    /** @param paths directories of service files, service files, and settings ({@code *.conf}) */
    public static Result of(List<Path> paths) {
        List<Problem> problems = new ArrayList<>();
        List<Path> serviceFiles = new ArrayList<>();
        int settings = 0;
        for (Path path : paths) {
            if (Files.isRegularFile(path) && path.toString().endsWith(SETTINGS_SUFFIX)) {
                settings++;
                problems.addAll(SettingsReader.read(Optional.of(path), List.of(), "localhost")
                        .problems());
            } else {
                serviceFiles.add(path);
            }
        }
        LoadedConfig loaded = serviceFiles.isEmpty()
                ? LoadedConfig.EMPTY
                : new ConfigLoader(serviceFiles, BindRules.DEFAULT, Optional.empty(), id -> false).validate();
        problems.addAll(loaded.problems());
        return new Result(
                loaded.services().size(),
                loaded.fileStates().size() + settings,
                problems.stream().noneMatch(Problem::isError),
                problems.stream().map(Problem::toString).toList());
    }
}
