package io.culvert.store.state;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The same rules in the plainest way: a list of rows, changed in place, copied whole before a transaction. Slow, and so
 * obvious that it can be read beside the rules of Consul.
 */
final class Model {
    static final class Row {
        String key = "";
        byte[] value = {};
        long flags;
        long create;
        long modify;
        long locks;

        @Nullable
        SessionId holder;

        Row copy() {
            Row copy = new Row();
            copy.key = key;
            copy.value = value;
            copy.flags = flags;
            copy.create = create;
            copy.modify = modify;
            copy.locks = locks;
            copy.holder = holder;
            return copy;
        }

        KeyValue shown() {
            return new KeyValue(key, Blob.copyOf(value), flags, create, modify, locks, holder);
        }
    }

    private List<Row> rows = new ArrayList<>();
    private Map<String, Long> blocked = new HashMap<>();
    private final Map<SessionId, Session> sessions = new HashMap<>();
    private long index;
    private long now;
    private boolean dirty;

    long index() {
        return index;
    }

    List<Session> sessions() {
        return sessions.values().stream()
                .sorted((one, other) -> one.id().compareTo(other.id()))
                .toList();
    }

    /** In the order of the keys' bytes. */
    List<KeyValue> entries() {
        return rows.stream()
                .sorted((one, other) -> Arrays.compareUnsigned(
                        one.key.getBytes(StandardCharsets.UTF_8), other.key.getBytes(StandardCharsets.UTF_8)))
                .map(Row::shown)
                .toList();
    }

    /** "true", "false", "invalid", "committed" or "rolled back [places]". */
    String apply(StoreCommand command, long stamp) {
        now = Math.max(now, stamp);
        dirty = false;
        String said;
        if (command instanceof StoreCommand.Write write) {
            said = operate(write.operation());
        } else if (command instanceof StoreCommand.Transaction transaction) {
            said = transact(transaction.operations());
        } else if (command instanceof StoreCommand.CreateSession create) {
            said = create(create.session());
        } else if (command instanceof StoreCommand.EndSession end) {
            said = end(end.session(), end.invalidated());
        } else {
            said = "invalid";
        }
        if (dirty) {
            index++;
        }
        return said;
    }

    private String create(Session session) {
        if (sessions.containsKey(session.id())) {
            return "invalid";
        }
        sessions.put(session.id(), session.createdAt(index + 1));
        dirty = true;
        return "true";
    }

    private String end(SessionId id, boolean invalidated) {
        Session session = sessions.remove(id);
        if (session == null) {
            return "true";
        }
        dirty = true;
        for (Row row : new ArrayList<>(rows)) {
            if (id.equals(row.holder)) {
                if (session.behavior() == Session.Behavior.DELETE) {
                    rows.remove(row);
                } else {
                    row.holder = null;
                    row.modify = index + 1;
                }
                if (invalidated && !session.lockDelay().isZero()) {
                    blocked.put(row.key, now + session.lockDelay().toMillis());
                }
            }
        }
        return "true";
    }

    private String transact(List<KeyValueOperation> operations) {
        List<Row> before = new ArrayList<>();
        rows.forEach(row -> before.add(row.copy()));
        List<Integer> failed = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            if (!operate(operations.get(i)).equals("true")) {
                failed.add(i);
            }
        }
        if (failed.isEmpty()) {
            return "committed";
        }
        rows = before;
        dirty = false;
        return "rolled back " + failed;
    }

    private @Nullable Row find(String key) {
        return rows.stream().filter(row -> row.key.equals(key)).findFirst().orElse(null);
    }

    private String operate(KeyValueOperation operation) {
        Row row = find(operation.key());
        if (operation instanceof KeyValueOperation.Set set) {
            return put(row, set.key(), set.value(), set.flags());
        } else if (operation instanceof KeyValueOperation.CompareAndSet cas) {
            return (row == null ? 0 : row.modify) == cas.index()
                    ? put(row, cas.key(), cas.value(), cas.flags())
                    : "false";
        } else if (operation instanceof KeyValueOperation.Lock lock) {
            return lock(row, lock);
        } else if (operation instanceof KeyValueOperation.Unlock unlock) {
            if (row == null || !unlock.session().equals(row.holder)) {
                return "false";
            }
            row.holder = null;
            return fill(row, unlock.value(), unlock.flags());
        } else if (operation instanceof KeyValueOperation.Delete) {
            return remove(row);
        } else if (operation instanceof KeyValueOperation.CompareAndDelete cas) {
            return row != null && row.modify != cas.index() ? "false" : remove(row);
        } else if (operation instanceof KeyValueOperation.DeleteTree tree) {
            dirty |= rows.removeIf(candidate -> candidate.key.startsWith(tree.key()));
            return "true";
        }
        return Boolean.toString(holds(row, operation));
    }

    private static boolean holds(@Nullable Row row, KeyValueOperation operation) {
        if (operation instanceof KeyValueOperation.GetTree) {
            return true;
        } else if (operation instanceof KeyValueOperation.CheckNotExists) {
            return row == null;
        } else if (operation instanceof KeyValueOperation.CheckIndex check) {
            return row != null && row.modify == check.index();
        } else if (operation instanceof KeyValueOperation.CheckSession check) {
            return row != null && check.session().equals(row.holder);
        }
        return row != null;
    }

    private String lock(@Nullable Row row, KeyValueOperation.Lock lock) {
        if (!sessions.containsKey(lock.session())) {
            return "invalid";
        }
        boolean taken = row != null && row.holder != null && !lock.session().equals(row.holder);
        if (taken || blocked.getOrDefault(lock.key(), 0L) > now) {
            return "false";
        }
        Row target = row == null ? added(lock.key()) : row;
        if (!lock.session().equals(target.holder)) {
            target.locks++;
        }
        target.holder = lock.session();
        return fill(target, lock.value(), lock.flags());
    }

    private String put(@Nullable Row row, String key, Blob value, long flags) {
        if (row != null && Arrays.equals(row.value, value.toBytes()) && row.flags == flags) {
            return "true";
        }
        return fill(row == null ? added(key) : row, value, flags);
    }

    private Row added(String key) {
        Row row = new Row();
        row.key = key;
        row.create = index + 1;
        rows.add(row);
        return row;
    }

    private String fill(Row row, Blob value, long flags) {
        row.value = value.toBytes();
        row.flags = flags;
        row.modify = index + 1;
        dirty = true;
        return "true";
    }

    private String remove(@Nullable Row row) {
        dirty |= row != null && rows.remove(row);
        return "true";
    }
}
