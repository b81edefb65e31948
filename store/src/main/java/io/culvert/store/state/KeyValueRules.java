package io.culvert.store.state;

import io.culvert.store.state.KeyValueOperation.CheckIndex;
import io.culvert.store.state.KeyValueOperation.CheckNotExists;
import io.culvert.store.state.KeyValueOperation.CheckSession;
import io.culvert.store.state.KeyValueOperation.CompareAndDelete;
import io.culvert.store.state.KeyValueOperation.CompareAndSet;
import io.culvert.store.state.KeyValueOperation.Delete;
import io.culvert.store.state.KeyValueOperation.DeleteTree;
import io.culvert.store.state.KeyValueOperation.Get;
import io.culvert.store.state.KeyValueOperation.GetTree;
import io.culvert.store.state.KeyValueOperation.Lock;
import io.culvert.store.state.KeyValueOperation.Set;
import io.culvert.store.state.KeyValueOperation.Unlock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each operation on the key/values does (Consul's KV and lock rules). One instance applies one command. */
final class KeyValueRules {
    private final Sessions sessions;
    private final long index;
    private final long now;

    /**
     * @param index of the change that is being made
     * @param now the leader's time stamp of the command, milliseconds
     */
    KeyValueRules(Sessions sessions, long index, long now) {
        this.sessions = sessions;
        this.index = index;
        this.now = now;
    }

    /** What an operation came to. */
    sealed interface Step {
        /** @param shown what the operation is answered with: entries as they are now */
        record Done(KeyValues next, List<KeyValue> shown) implements Step {}

        /** @param invalid whether the request itself is wrong, not only beaten by another's change */
        record Refused(String why, boolean invalid) implements Step {}
    }

    Step apply(KeyValues values, KeyValueOperation operation) {
        if (operation instanceof Set set) {
            return write(values, values.get(set.key()).orElse(null), set.key(), set.value(), set.flags());
        } else if (operation instanceof CompareAndSet cas) {
            return compareAndSet(values, cas);
        } else if (operation instanceof Lock lock) {
            return lock(values, lock);
        } else if (operation instanceof Unlock unlock) {
            return unlock(values, unlock);
        } else if (operation instanceof Get get) {
            return get(values, get.key());
        } else if (operation instanceof GetTree tree) {
            return new Step.Done(values, values.list(tree.key()));
        } else if (operation instanceof Delete delete) {
            return new Step.Done(values.without(delete.key()), List.of());
        } else if (operation instanceof CompareAndDelete cas) {
            return compareAndDelete(values, cas);
        } else if (operation instanceof DeleteTree tree) {
            return deleteTree(values, tree.key());
        }
        return check(values, operation);
    }

    private Step write(KeyValues values, @Nullable KeyValue present, String key, Blob value, long flags) {
        if (!values.hasRoomFor(key, value)) {
            return full(key);
        }
        if (present != null && present.value().equals(value) && present.flags() == flags) {
            // Nothing changes, so nobody who watches is woken (as in Consul).
            return new Step.Done(values, List.of(present.withoutValue()));
        }
        return put(
                values,
                present == null ? KeyValue.created(key, value, flags, index) : present.changed(value, flags, index));
    }

    private static Step put(KeyValues values, KeyValue entry) {
        return new Step.Done(values.with(entry), List.of(entry.withoutValue()));
    }

    private static Step full(String key) {
        return invalid("key \"" + key + "\" does not fit: the store holds at most " + KeyValues.MOST_KEYS + " keys and "
                + (KeyValues.MOST_WEIGHT >> 20) + " MiB; delete keys that are not needed");
    }

    private Step compareAndSet(KeyValues values, CompareAndSet cas) {
        KeyValue present = values.get(cas.key()).orElse(null);
        long found = present == null ? 0 : present.modifyIndex();
        return found == cas.index()
                ? write(values, present, cas.key(), cas.value(), cas.flags())
                : refused("failed to set key \"" + cas.key() + "\", index is stale");
    }

    private Step lock(KeyValues values, Lock lock) {
        if (!sessions.contains(lock.session())) {
            return invalid("invalid session " + lock.session() + ": there is none with this id (it may have expired)");
        }
        KeyValue present = values.get(lock.key()).orElse(null);
        if (present != null && present.holder() != null && !lock.session().equals(present.holder())) {
            return refused("failed to lock key \"" + lock.key() + "\", lock is already held");
        }
        if (values.blockedUntil(lock.key()).filter(until -> now < until).isPresent()) {
            return refused("failed to lock key \"" + lock.key() + "\" during its lock delay");
        }
        if (!values.hasRoomFor(lock.key(), lock.value())) {
            return full(lock.key());
        }
        KeyValue written = present == null
                ? KeyValue.created(lock.key(), lock.value(), lock.flags(), index)
                : present.changed(lock.value(), lock.flags(), index);
        return put(values, written.lockedBy(lock.session(), index));
    }

    private Step unlock(KeyValues values, Unlock unlock) {
        KeyValue present = values.get(unlock.key()).orElse(null);
        if (present == null || !unlock.session().equals(present.holder())) {
            return refused(
                    "failed to unlock key \"" + unlock.key() + "\", lock isn't held, or is held by another session");
        }
        if (!values.hasRoomFor(unlock.key(), unlock.value())) {
            return full(unlock.key());
        }
        return put(
                values, present.changed(unlock.value(), unlock.flags(), index).unlocked(index));
    }

    private static Step get(KeyValues values, String key) {
        return values.get(key)
                .<Step>map(entry -> new Step.Done(values, List.of(entry)))
                .orElseGet(() -> refused("key \"" + key + "\" doesn't exist"));
    }

    private static Step compareAndDelete(KeyValues values, CompareAndDelete cas) {
        KeyValue present = values.get(cas.key()).orElse(null);
        if (present != null && present.modifyIndex() != cas.index()) {
            return refused("failed to delete key \"" + cas.key() + "\", index is stale");
        }
        return new Step.Done(values.without(cas.key()), List.of());
    }

    private static Step deleteTree(KeyValues values, String prefix) {
        KeyValues next = values;
        for (KeyValue entry : values.list(prefix)) {
            next = next.without(entry.key());
        }
        return new Step.Done(next, List.of());
    }

    private static Step check(KeyValues values, KeyValueOperation operation) {
        KeyValue present = values.get(operation.key()).orElse(null);
        if (operation instanceof CheckNotExists) {
            return present == null
                    ? new Step.Done(values, List.of())
                    : refused("key \"" + operation.key() + "\" exists");
        }
        if (present == null) {
            return refused("key \"" + operation.key() + "\" doesn't exist");
        }
        if (operation instanceof CheckIndex check && check.index() != present.modifyIndex()) {
            return refused("current modify index " + present.modifyIndex() + " of key \"" + check.key() + "\" is not "
                    + check.index());
        }
        if (operation instanceof CheckSession check && !check.session().equals(present.holder())) {
            return refused("lock of key \"" + check.key() + "\" is not held by session " + check.session());
        }
        return new Step.Done(values, List.of(present));
    }

    private static Step refused(String why) {
        return new Step.Refused(why, false);
    }

    private static Step invalid(String why) {
        return new Step.Refused(why, true);
    }
}
