package io.culvert.store.state;

import java.util.List;

/** What a command came to, the same on every server. */
public sealed interface Outcome {
    /** @param done false: beaten by another's change, or by a lock; nothing was changed */
    record Answered(boolean done) implements Outcome {}

    /** @param entries one list for all operations that show something, in order */
    record Committed(List<KeyValue> entries) implements Outcome {
        public Committed {
            entries = List.copyOf(entries);
        }
    }

    /** The operations of a transaction that could not be done; nothing was changed. */
    record RolledBack(List<Failure> failures) implements Outcome {
        public RolledBack {
            failures = List.copyOf(failures);
        }
    }

    /** @param operation its place in the transaction, from 0 */
    record Failure(int operation, String why) {}

    /** The command is wrong, whatever the state of the keys: unknown session, too large, unknown version. */
    record Invalid(String why) implements Outcome {}
}
