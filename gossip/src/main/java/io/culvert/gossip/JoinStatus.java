package io.culvert.gossip;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the search for the pool goes. A moment's copy.
 *
 * @param searching nobody of the pool has answered yet, or everybody who had is gone
 * @param silentRounds rounds in a row that nobody answered
 * @param asked addresses asked in the last round, in that order, at most {@value #MOST_SHOWN} of them
 * @param unresolved names that stood for no address in the last round, each with the resolver's reason
 * @param nextIn until the next round; empty while one is under way or nothing is to be asked
 */
public record JoinStatus(
        boolean searching, int silentRounds, List<String> asked, List<String> unresolved, Optional<Duration> nextIn) {
    public static final int MOST_SHOWN = 64;

    /** Nothing was asked yet. */
    public static final JoinStatus NOT_STARTED = new JoinStatus(false, 0, List.of(), List.of(), Optional.empty());

    public JoinStatus {
        asked = List.copyOf(asked);
        unresolved = List.copyOf(unresolved);
    }
}
