package io.culvert.store.state;

/**
 * One step on the key/values, alone or within a transaction. The verbs and their meaning are those of Consul's {@code txn}.
 * Each applies whole or gives the sentence that says why not.
 */
public sealed interface KeyValueOperation {
    /** The key, or for trees the prefix. */
    String key();

    /** Whether it can change anything. */
    default boolean isWrite() {
        return true;
    }

    /** Writes, whatever stands there, and whoever holds the lock. */
    record Set(String key, Blob value, long flags) implements KeyValueOperation {
        public Set {
            KeyValue.checkKey(key);
        }
    }

    /** Writes if the key's modify index is {@code index}; 0: if there is no such key. */
    record CompareAndSet(String key, Blob value, long flags, long index) implements KeyValueOperation {
        public CompareAndSet {
            KeyValue.checkKey(key);
        }
    }

    /** Writes and takes the lock, if nobody else has it and it is not blocked by a lock delay. */
    record Lock(String key, Blob value, long flags, SessionId session) implements KeyValueOperation {
        public Lock {
            KeyValue.checkKey(key);
        }
    }

    /** Writes and gives the lock back, if {@code session} has it. */
    record Unlock(String key, Blob value, long flags, SessionId session) implements KeyValueOperation {
        public Unlock {
            KeyValue.checkKey(key);
        }
    }

    /** Reads one key, which must exist. */
    record Get(String key) implements KeyValueOperation {
        @Override
        public boolean isWrite() {
            return false;
        }
    }

    /** Reads every key that begins with {@code key}; there may be none. */
    record GetTree(String key) implements KeyValueOperation {
        @Override
        public boolean isWrite() {
            return false;
        }
    }

    /** Holds if the key exists with this modify index. */
    record CheckIndex(String key, long index) implements KeyValueOperation {
        @Override
        public boolean isWrite() {
            return false;
        }
    }

    /** Holds if {@code session} holds the key's lock. */
    record CheckSession(String key, SessionId session) implements KeyValueOperation {
        @Override
        public boolean isWrite() {
            return false;
        }
    }

    /** Holds if there is no such key. */
    record CheckNotExists(String key) implements KeyValueOperation {
        @Override
        public boolean isWrite() {
            return false;
        }
    }

    /** Removes the key; one that does not exist is removed already. */
    record Delete(String key) implements KeyValueOperation {}

    /** Removes the key if its modify index is {@code index}; one that does not exist is removed already. */
    record CompareAndDelete(String key, long index) implements KeyValueOperation {}

    /** Removes every key that begins with {@code key}; an empty prefix removes all. */
    record DeleteTree(String key) implements KeyValueOperation {}
}
