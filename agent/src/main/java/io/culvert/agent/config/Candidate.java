package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A file on its way into force: as it is now if that works out, else as it last was good. Confined to one reload. */
final class Candidate {
    private final String file;
    private final Optional<FileVersion> fresh;
    private final Optional<FileVersion> lastGood;
    private final List<Problem> problems;
    private Choice choice;

    /** What is tried. */
    private enum Choice {
        FRESH,
        LAST_GOOD,
        NOTHING
    }

    /** @param fresh empty when the file has errors of its own */
    Candidate(String file, Optional<FileVersion> fresh, Optional<FileVersion> lastGood, List<Problem> problems) {
        this.file = file;
        this.fresh = fresh;
        this.lastGood = lastGood;
        this.problems = new ArrayList<>(problems);
        this.choice = fresh.isPresent() ? Choice.FRESH : lastGood.isPresent() ? Choice.LAST_GOOD : Choice.NOTHING;
    }

    String file() {
        return file;
    }

    /** Whether it would change what is in force: such a file gives way to those that are in force already. */
    boolean isNews() {
        return choice == Choice.FRESH && !lastGood.map(FileVersion::sha256).equals(fresh.map(FileVersion::sha256));
    }

    /** Gives up what is tried, for the next best. */
    void giveWay(Problem reason) {
        problems.add(reason);
        choice = isNews() && lastGood.isPresent() ? Choice.LAST_GOOD : Choice.NOTHING;
    }

    void report(Problem problem) {
        problems.add(problem);
    }

    Optional<FileVersion> chosen() {
        return switch (choice) {
            case FRESH -> fresh;
            case LAST_GOOD -> lastGood;
            case NOTHING -> Optional.empty();
        };
    }

    FileState state() {
        FileState.State state = switch (choice) {
            case FRESH -> FileState.State.CURRENT;
            case LAST_GOOD -> FileState.State.LAST_GOOD;
            case NOTHING -> FileState.State.NONE;
        };
        return new FileState(file, state, problems.stream().sorted().toList(), chosen());
    }
}
