package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Problem;
import java.util.List;
import java.util.Optional;

/**
 * How a service file stands.
 *
 * @param file as its directory was named, with its name
 * @param problems its own, by line
 * @param inForce the version whose definitions count; empty: none of it counts
 */
public record FileState(String file, State state, List<Problem> problems, Optional<FileVersion> inForce) {
    public FileState {
        problems = List.copyOf(problems);
    }

    /** What counts of a file. */
    public enum State {
        /** The file as it is now. */
        CURRENT,
        /** The file has errors; its last good version counts. */
        LAST_GOOD,
        /** The file has errors, and there was no good version before. */
        NONE
    }
}
