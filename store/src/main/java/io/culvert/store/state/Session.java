package io.culvert.store.state;

import java.time.Duration;
import java.util.List;

/**
 * A lease under which keys are locked; it ends with its node, its checks or its time to live (Consul's sessions).
 *
 * @param name for people; may be empty
 * @param node whose end ends the session
 * @param lockDelay how long a key that the session held stays blocked after the session was invalidated; at most 60 s
 * @param behavior what becomes of held keys when the session ends
 * @param timeToLive zero: no limit; else 10 s to 24 h
 * @param nodeChecks ids of checks of the node; one that turns critical or vanishes ends the session
 * @param serviceChecks ids of checks of services on the node, likewise
 */
public record Session(
        SessionId id,
        String name,
        String node,
        Duration lockDelay,
        Behavior behavior,
        Duration timeToLive,
        List<String> nodeChecks,
        List<String> serviceChecks,
        long createIndex,
        long modifyIndex) {
    public static final Duration LONGEST_LOCK_DELAY = Duration.ofSeconds(60);
    public static final Duration SHORTEST_TIME_TO_LIVE = Duration.ofSeconds(10);
    public static final Duration LONGEST_TIME_TO_LIVE = Duration.ofHours(24);
    public static final int MOST_CHECKS = 64;
    public static final int LONGEST_TEXT = 512;

    /** What becomes of the keys that a session holds when it ends. */
    public enum Behavior {
        RELEASE,
        DELETE
    }

    public Session {
        nodeChecks = checked("node checks", nodeChecks);
        serviceChecks = checked("service checks", serviceChecks);
        text("session name", name);
        text("session node", node);
        if (lockDelay.isNegative() || lockDelay.compareTo(LONGEST_LOCK_DELAY) > 0) {
            throw new IllegalArgumentException("session lock delay: " + lockDelay + " (expected: 0s to 60s)");
        }
        boolean limited = !timeToLive.isZero();
        if (limited
                && (timeToLive.compareTo(SHORTEST_TIME_TO_LIVE) < 0
                        || timeToLive.compareTo(LONGEST_TIME_TO_LIVE) > 0)) {
            throw new IllegalArgumentException(
                    "session time to live: " + timeToLive + " (expected: 10s to 24h, or none)");
        }
    }

    /** The same as created at {@code index}. */
    Session createdAt(long index) {
        return new Session(id, name, node, lockDelay, behavior, timeToLive, nodeChecks, serviceChecks, index, index);
    }

    private static List<String> checked(String what, List<String> ids) {
        if (ids.size() > MOST_CHECKS) {
            throw new IllegalArgumentException(
                    "session: " + ids.size() + " " + what + " (expected: at most " + MOST_CHECKS + ")");
        }
        ids.forEach(id -> text("session check id", id));
        return List.copyOf(ids);
    }

    private static void text(String what, String value) {
        if (value.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException(
                    what + " of " + value.length() + " characters (expected: at most " + LONGEST_TEXT + ")");
        }
    }
}
