package io.culvert.agent.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Tokens that let new hosts in; only a server has them. Any thread; may block for the disk. */
public interface JoinTokens {
    Outcome create(Duration life, int uses);

    /** Those that are still good, without their secrets. */
    List<Outstanding> outstanding();

    /** @return false: no such token */
    boolean revoke(String id);

    /** What became of creating one. */
    sealed interface Outcome {}

    /** @param token the text to hand to {@code culvert agent --join}; a secret: never logged */
    record Created(String id, String token, Instant expires) implements Outcome {
        @Override
        public String toString() {
            return "Created[" + id + ", token ****, expires " + expires + "]";
        }
    }

    /** This agent gives none, and why, and where to ask. */
    record Refused(String message) implements Outcome {}

    record Outstanding(String id, Instant expires, int usesLeft) {}
}
