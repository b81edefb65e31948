package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Position;
import io.culvert.agent.config.syntax.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Collects what is wrong, so that everything is reported at once. Confined to the thread that reads. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    public void error(Position position, String message) {
        found.add(Problem.error(position, message));
    }

    public void warning(Position position, String message) {
        found.add(Problem.warning(position, message));
    }

    public void addAll(Collection<Problem> problems) {
        found.addAll(problems);
    }

    public boolean hasErrors() {
        return found.stream().anyMatch(Problem::isError);
    }

    /** By file, line and column; each once. */
    public List<Problem> sorted() {
        return found.stream().distinct().sorted().toList();
    }
}
