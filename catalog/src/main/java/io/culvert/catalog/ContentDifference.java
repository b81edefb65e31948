package io.culvert.catalog;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds where two contents of one owner differ. An owner's next content is its last one with few entries replaced, so the
 * lists are walked side by side: an entry that is the same object, or equal, in the same place costs one comparison, and
 * nothing is sorted, hashed or copied for it. Lists whose order changed are compared no worse, only less exactly: more
 * names are suspected.
 */
final class ContentDifference {
    private final NodeContent old;
    private final NodeContent fresh;
    private final Set<ServiceName> suspects = new LinkedHashSet<>();
    private final Set<String> checked = new HashSet<>(); // ids of services with another check; "": all

    private ContentDifference(NodeContent old, NodeContent fresh) {
        this.old = old;
        this.fresh = fresh;
    }

    /** Names of services whose instances or checks may differ: all that do, and seldom one that does not. */
    static Set<ServiceName> services(NodeContent old, NodeContent fresh) {
        return new ContentDifference(old, fresh).find();
    }

    private Set<ServiceName> find() {
        differing(old.services(), fresh.services(), service -> suspects.add(service.name()));
        differing(old.checks(), fresh.checks(), check -> checked.add(check.serviceId()));
        if (!checked.isEmpty()) {
            suspectOwners(old.services());
            suspectOwners(fresh.services());
        }
        return suspects;
    }

    private void suspectOwners(List<ServiceInstance> services) {
        boolean all = checked.contains("");
        for (ServiceInstance service : services) {
            if (all || checked.contains(service.id())) {
                suspects.add(service.name());
            }
        }
    }

    /** Tells every entry of either list that is not in the same place in the other, counted from the nearer end. */
    private static <T> void differing(List<T> old, List<T> fresh, Consumer<T> differing) {
        int shorter = Math.min(old.size(), fresh.size());
        int head = 0;
        while (head < shorter && old.get(head).equals(fresh.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < shorter - head && old.get(old.size() - 1 - tail).equals(fresh.get(fresh.size() - 1 - tail))) {
            tail++;
        }
        boolean aligned = old.size() == fresh.size();
        for (int i = head; i < old.size() - tail; i++) {
            if (!aligned || !old.get(i).equals(fresh.get(i))) {
                differing.accept(old.get(i));
            }
        }
        for (int i = head; i < fresh.size() - tail; i++) {
            if (!aligned || !old.get(i).equals(fresh.get(i))) {
                differing.accept(fresh.get(i));
            }
        }
    }
}
