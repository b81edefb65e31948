package io.culvert.agent.outputs;

import java.util.List;
import java.util.Map;

/** Messages of {@code checks.output}. */
final class OutputMessages {
    static final String OUTPUT = "checks.output";

    /** Checks in one question, more than a host has for one service. */
    static final int MOST_CHECKS = 256;
    /** Characters of one output; Consul's own limit. */
    static final int LONGEST_OUTPUT = 4_096;
    /** Characters of one answer, well below the longest frame also when each of them is escaped. */
    static final int LONGEST_ANSWER = 128 * 1_024;

    private OutputMessages() {}

    /** @param checks ids of checks on the host that is asked */
    record Wanted(List<String> checks) {}

    /** @param outputs by id; a check that is not there, or for which there was no room, is not among them */
    record Outputs(Map<String, String> outputs) {}
}
