package io.culvert.gossip.keyring;

import io.culvert.gossip.identity.PoolLabel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A keyring ready for use in one pool: the schedule of each of its keys, the primary's first. Immutable. */
public final class KeySchedules {
    private final PoolLabel label;
    private final List<KeySchedule> schedules;

    public KeySchedules(PoolLabel label, Keyring keyring) {
        this.label = label;
        List<KeySchedule> all = new ArrayList<>();
        for (PoolKey key : keyring.list()) {
            all.add(new KeySchedule(label, key));
        }
        this.schedules = List.copyOf(all);
    }

    public PoolLabel label() {
        return label;
    }

    public KeySchedule primary() {
        return schedules.get(0);
    }

    /** The schedule of that key, or null when it is not installed. */
    public @Nullable KeySchedule find(long keyId) {
        for (KeySchedule schedule : schedules) {
            if (schedule.keyId() == keyId) {
                return schedule;
            }
        }
        return null;
    }
}
