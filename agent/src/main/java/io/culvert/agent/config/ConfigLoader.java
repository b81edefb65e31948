package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Position;
import io.culvert.agent.config.syntax.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Loads service files. Each file counts as it is when it is good; a broken one keeps its own last good version in force, and never
 * touches the services of other files. Blocks on the disk; not safe for several threads at once.
 */
public final class ConfigLoader {
    private final ConfigSources sources;
    private final BindRules rules;
    private final Optional<LastGoodStore> store;
    private final Predicate<String> registeredElsewhere;

    /**
     * @param sources directories and files, in the order in which they count
     * @param store empty: last good versions are forgotten with the process
     * @param registeredElsewhere whether a service id is registered over the API, so that checks in files may name it
     */
    public ConfigLoader(
            List<Path> sources, BindRules rules, Optional<LastGoodStore> store, Predicate<String> registeredElsewhere) {
        this.sources = new ConfigSources(sources);
        this.rules = rules;
        this.store = store;
        this.registeredElsewhere = registeredElsewhere;
    }

    /**
     * Reads everything anew.
     *
     * @param previous what is in force; {@link LoadedConfig#EMPTY} at the start, which brings back what the store holds
     */
    public LoadedConfig load(LoadedConfig previous) {
        ConfigSources.Listing listing = sources.read();
        List<Problem> problems = new ArrayList<>(listing.problems());
        Map<String, FileVersion> lastGood = lastGood(previous, problems);
        List<Candidate> candidates = new ArrayList<>();
        Map<String, String> identities = new LinkedHashMap<>();
        for (ConfigSources.Found found : listing.files()) {
            candidates.add(candidate(found, Optional.ofNullable(lastGood.get(found.identity()))));
            identities.put(found.name(), found.identity());
        }
        for (Path directory : listing.unreadable()) {
            filesOf(directory, lastGood).forEach((identity, version) -> {
                candidates.add(new Candidate(identity, Optional.empty(), Optional.of(version), List.of()));
                identities.put(identity, identity);
            });
        }
        LoadedConfig loaded = new Reconciler(candidates, registeredElsewhere).reconcile(problems);
        return remember(loaded, identities);
    }

    /** Reads everything as if for the first time and keeps nothing: what {@code culvert validate} shows. */
    public LoadedConfig validate() {
        ConfigSources.Listing listing = sources.read();
        List<Candidate> candidates = listing.files().stream()
                .map(found -> candidate(found, Optional.empty()))
                .toList();
        // Nobody waits for a directory to appear here: it was named by mistake.
        List<Problem> problems = listing.problems().stream()
                .map(problem -> problem.isError() ? problem : Problem.error(problem.position(), "does not exist"))
                .toList();
        return new Reconciler(candidates, registeredElsewhere).reconcile(problems);
    }

    private Candidate candidate(ConfigSources.Found found, Optional<FileVersion> lastGood) {
        Problems problems = new Problems();
        problems.addAll(found.problems());
        Optional<FileVersion> fresh = found.content().flatMap(content -> bind(found.name(), content, problems));
        return new Candidate(found.name(), fresh, lastGood, problems.sorted());
    }

    private Optional<FileVersion> bind(String name, byte[] content, Problems problems) {
        ServiceFile definitions = FileBinder.read(name, content, rules, problems);
        return problems.hasErrors()
                ? Optional.empty()
                : Optional.of(FileVersion.of(new String(content, StandardCharsets.UTF_8), definitions));
    }

    /** By absolute path. */
    private Map<String, FileVersion> lastGood(LoadedConfig previous, List<Problem> problems) {
        Map<String, FileVersion> versions = new TreeMap<>();
        if (previous.equals(LoadedConfig.EMPTY) && store.isPresent()) {
            try {
                store.get()
                        .readAll()
                        .forEach((path, text) -> bind(path, text.getBytes(StandardCharsets.UTF_8), new Problems())
                                .ifPresent(version -> versions.put(path, version)));
            } catch (IOException e) {
                problems.add(Problem.warning(
                        Position.of("config-last-good"),
                        "cannot be read, so a broken file has no last good version: " + e));
            }
        }
        for (FileState state : previous.fileStates()) {
            state.inForce().ifPresent(version -> versions.put(ConfigSources.identity(Path.of(state.file())), version));
        }
        return versions;
    }

    private static Map<String, FileVersion> filesOf(Path directory, Map<String, FileVersion> lastGood) {
        String prefix = ConfigSources.identity(directory) + "/";
        return lastGood.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private LoadedConfig remember(LoadedConfig loaded, Map<String, String> identities) {
        if (store.isEmpty()) {
            return loaded;
        }
        Map<String, FileVersion> versions = new TreeMap<>();
        for (FileState state : loaded.fileStates()) {
            state.inForce()
                    .ifPresent(version -> versions.put(identities.getOrDefault(state.file(), state.file()), version));
        }
        try {
            store.get().replaceAll(versions);
            return loaded;
        } catch (IOException e) {
            Problems problems = new Problems();
            problems.addAll(loaded.problems());
            problems.warning(
                    Position.of("config-last-good"),
                    "cannot be written, so last good versions are lost at a restart: " + e);
            return new LoadedConfig(
                    loaded.services(),
                    loaded.nodeChecks(),
                    loaded.intentions(),
                    problems.sorted(),
                    loaded.fileStates());
        }
    }
}
