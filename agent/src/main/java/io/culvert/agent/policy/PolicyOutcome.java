package io.culvert.agent.policy;

/** What became of a change of policy. */
public sealed interface PolicyOutcome {
    /** On disk, in force here, on its way to all agents. */
    record Applied() implements PolicyOutcome {}

    /** Nothing was changed; the message says why and what to do. */
    record Refused(String message) implements PolicyOutcome {}
}
