package io.culvert.testbed.simulator;

import io.culvert.catalog.NodeId;
import java.util.HashMap;
import java.util.Map;

/** The ids of a run, numbered, so that what every host keeps of every other is a place in an array and not in a map. */
final class Roster {
    private final Map<NodeId, Integer> numbers = new HashMap<>();

    int size() {
        return numbers.size();
    }

    /** The number of {@code id}; the next free one for an id that was never asked for. */
    int numberOf(NodeId id) {
        // Asked for more often than anything else in a run: without an object for each question.
        Integer known = numbers.get(id);
        if (known != null) {
            return known;
        }
        int next = numbers.size();
        numbers.put(id, next);
        return next;
    }
}
