package io.culvert.agent.metrics;

import java.util.LinkedHashSet;
import java.util.Set;

/** Labels that others choose: the first so many have a value of their own, all later ones share {@code "other"}. */
final class BoundedLabels {
    private final int most;
    private final Set<String> known = new LinkedHashSet<>();

    BoundedLabels(int most) {
        this.most = most;
    }

    String of(String label) {
        return known.contains(label) || known.size() < most && known.add(label) ? label : "other";
    }
}
