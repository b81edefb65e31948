package io.culvert.store.codec;

import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.MalformedFrame.Reason;
import io.culvert.gossip.wire.WireReader;
import io.culvert.gossip.wire.WireWriter;
import io.culvert.store.state.Blob;
import io.culvert.store.state.KeyValueOperation;
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

/** Operations on the key/values. Layout: verb u8, key, then what the verb takes. */
final class OperationCodec {
    private static final int SET = 1;
    private static final int COMPARE_AND_SET = 2;
    private static final int LOCK = 3;
    private static final int UNLOCK = 4;
    private static final int GET = 5;
    private static final int GET_TREE = 6;
    private static final int CHECK_INDEX = 7;
    private static final int CHECK_SESSION = 8;
    private static final int CHECK_NOT_EXISTS = 9;
    private static final int DELETE = 10;
    private static final int COMPARE_AND_DELETE = 11;
    private static final int DELETE_TREE = 12;

    private OperationCodec() {}

    static void write(WireWriter to, KeyValueOperation operation) {
        to.u8(verb(operation));
        StoreWords.key(to, operation.key());
        if (operation instanceof Set set) {
            content(to, set.value(), set.flags());
        } else if (operation instanceof CompareAndSet cas) {
            content(to, cas.value(), cas.flags());
            to.varint(cas.index());
        } else if (operation instanceof Lock lock) {
            content(to, lock.value(), lock.flags());
            StoreWords.id(to, lock.session());
        } else if (operation instanceof Unlock unlock) {
            content(to, unlock.value(), unlock.flags());
            StoreWords.id(to, unlock.session());
        } else if (operation instanceof CheckIndex check) {
            to.varint(check.index());
        } else if (operation instanceof CheckSession check) {
            StoreWords.id(to, check.session());
        } else if (operation instanceof CompareAndDelete cas) {
            to.varint(cas.index());
        }
    }

    private static int verb(KeyValueOperation operation) {
        if (operation instanceof Set) {
            return SET;
        } else if (operation instanceof CompareAndSet) {
            return COMPARE_AND_SET;
        } else if (operation instanceof Lock) {
            return LOCK;
        } else if (operation instanceof Unlock) {
            return UNLOCK;
        } else if (operation instanceof Get) {
            return GET;
        } else if (operation instanceof GetTree) {
            return GET_TREE;
        } else if (operation instanceof CheckIndex) {
            return CHECK_INDEX;
        } else if (operation instanceof CheckSession) {
            return CHECK_SESSION;
        } else if (operation instanceof CheckNotExists) {
            return CHECK_NOT_EXISTS;
        } else if (operation instanceof Delete) {
            return DELETE;
        }
        return operation instanceof CompareAndDelete ? COMPARE_AND_DELETE : DELETE_TREE;
    }

    private static void content(WireWriter to, Blob value, long flags) {
        StoreWords.value(to, value);
        to.u64(flags);
    }

    static KeyValueOperation read(WireReader from) throws MalformedFrame {
        int verb = from.u8("verb");
        String key = StoreWords.key(from);
        return switch (verb) {
            case SET, COMPARE_AND_SET, LOCK, UNLOCK -> writing(verb, key, from);
            case GET -> new Get(key);
            case GET_TREE -> new GetTree(key);
            case CHECK_INDEX -> new CheckIndex(key, index(from));
            case CHECK_SESSION -> new CheckSession(key, StoreWords.id(from));
            case CHECK_NOT_EXISTS -> new CheckNotExists(key);
            case DELETE -> new Delete(key);
            case COMPARE_AND_DELETE -> new CompareAndDelete(key, index(from));
            case DELETE_TREE -> new DeleteTree(key);
            default -> throw new MalformedFrame(Reason.UNKNOWN_KIND, "verb");
        };
    }

    private static KeyValueOperation writing(int verb, String key, WireReader from) throws MalformedFrame {
        Blob value = StoreWords.value(from);
        long flags = from.u64("flags");
        if (verb == SET) {
            return StoreWords.valid(() -> new Set(key, value, flags), "set");
        }
        if (verb == COMPARE_AND_SET) {
            long index = index(from);
            return StoreWords.valid(() -> new CompareAndSet(key, value, flags, index), "cas");
        }
        var session = StoreWords.id(from);
        return verb == LOCK
                ? StoreWords.valid(() -> new Lock(key, value, flags, session), "lock")
                : StoreWords.valid(() -> new Unlock(key, value, flags, session), "unlock");
    }

    private static long index(WireReader from) throws MalformedFrame {
        return from.varint(Long.MAX_VALUE, "index");
    }
}
