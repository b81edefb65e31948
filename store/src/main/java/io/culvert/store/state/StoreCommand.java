package io.culvert.store.state;

import java.util.List;

/**
 * What can be asked of the store as a change. Each kind is bound to the format version that brought it: a pool in which
 * one server does not know a kind refuses it everywhere ({@link StoreState#formatVersion}).
 */
public sealed interface StoreCommand {
    /** The format version that brought this kind. */
    default int since() {
        return 1;
    }

    /** What it is called where it is refused. */
    String name();

    /** One operation on the key/values; refused because of another's change, it is answered with false. */
    record Write(KeyValueOperation operation) implements StoreCommand {
        public Write {
            if (!operation.isWrite()) {
                throw new IllegalArgumentException("operation on key \"" + operation.key()
                        + "\" changes nothing (expected: a write; reads ask the state)");
            }
        }

        @Override
        public String name() {
            return "kv";
        }
    }

    /** All of {@code operations} in order, or none. */
    record Transaction(List<KeyValueOperation> operations) implements StoreCommand {
        /** Consul's bound. */
        public static final int MOST_OPERATIONS = 64;

        public Transaction {
            operations = List.copyOf(operations);
            if (operations.size() > MOST_OPERATIONS) {
                throw new IllegalArgumentException("transaction of " + operations.size()
                        + " operations (expected: at most " + MOST_OPERATIONS + ")");
            }
        }

        @Override
        public String name() {
            return "txn";
        }
    }

    /** Begins a session; its indexes are set when it is applied. */
    record CreateSession(Session session) implements StoreCommand {
        @Override
        public String name() {
            return "session-create";
        }
    }

    /**
     * Ends a session and what it holds.
     *
     * @param invalidated whether it ended against its owner's will (time, check, node): held keys are then blocked for its
     *     lock delay
     */
    record EndSession(SessionId session, boolean invalidated) implements StoreCommand {
        @Override
        public String name() {
            return "session-end";
        }
    }

    /** From now on commands up to format {@code version} are accepted: every server has said that it knows them. */
    record RaiseFormat(int version) implements StoreCommand {
        @Override
        public String name() {
            return "raise-format";
        }
    }

    /** A kind that a newer program brought: refused in the words of {@link StoreState#unknown}. */
    record Unknown(int kind, int since) implements StoreCommand {
        @Override
        public String name() {
            return "kind " + kind;
        }
    }
}
