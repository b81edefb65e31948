package io.culvert.gossip.replication;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which record of an owner has which slot. A record keeps its slot for as long as it is there. The slot follows from the
 * record's name, so that a restarted owner with the same services has the same slots, and so the same hash, without
 * remembering them; where two names meet, the one that came first, or is first by name, keeps it.
 */
final class SlotTable {
    /** The slot of the host's own record. */
    static final int NODE_SLOT = 0;

    private final Map<String, Integer> slots = new HashMap<>();
    private final Set<Integer> taken = new HashSet<>();

    /** Gives every name a slot, and takes back those of names that are gone. */
    Map<String, Integer> assign(Collection<String> names) {
        slots.entrySet().removeIf(entry -> !names.contains(entry.getKey()) && taken.remove(entry.getValue()));
        for (String name : new TreeSet<>(names)) {
            slots.computeIfAbsent(name, this::free);
        }
        return Map.copyOf(slots);
    }

    private int free(String name) {
        if (name.equals(ContentEncoder.NODE_NAME)) {
            return NODE_SLOT;
        }
        byte[] hash = Sha256.of(name.getBytes(StandardCharsets.UTF_8));
        int slot = (hash[0] & 0xff) << 8 | hash[1] & 0xff;
        while (slot == NODE_SLOT || !taken.add(slot)) {
            slot = (slot + 1) % ContentLimits.SLOTS;
        }
        return slot;
    }
}
