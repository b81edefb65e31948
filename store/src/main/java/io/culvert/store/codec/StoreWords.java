package io.culvert.store.codec;

import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.MalformedFrame.Reason;
import io.culvert.gossip.wire.WireReader;
import io.culvert.gossip.wire.WireWriter;
import io.culvert.store.state.Blob;
import io.culvert.store.state.KeyValue;
import io.culvert.store.state.Session;
import io.culvert.store.state.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The words that commands, outcomes and snapshots share. */
final class StoreWords {
    // UTF-8 takes at most three bytes for a char of a string.
    private static final int KEY_BYTES = 3 * KeyValue.LONGEST_KEY;
    private static final int TEXT_BYTES = 3 * Session.LONGEST_TEXT;

    private StoreWords() {}

    static void key(WireWriter to, String key) {
        to.text(key);
    }

    static String key(WireReader from) throws MalformedFrame {
        return from.text(KEY_BYTES, "key");
    }

    static void value(WireWriter to, Blob value) {
        to.block(value.toBytes());
    }

    static Blob value(WireReader from) throws MalformedFrame {
        return Blob.copyOf(from.block(KeyValue.LARGEST_VALUE, "value"));
    }

    static void id(WireWriter to, SessionId id) {
        to.u64(id.uuid().getMostSignificantBits()).u64(id.uuid().getLeastSignificantBits());
    }

    static SessionId id(WireReader from) throws MalformedFrame {
        return new SessionId(new UUID(from.u64("session"), from.u64("session")));
    }

    static void entry(WireWriter to, KeyValue entry) {
        key(to, entry.key());
        value(to, entry.value());
        to.u64(entry.flags())
                .varint(entry.createIndex())
                .varint(entry.modifyIndex())
                .varint(entry.lockIndex());
        SessionId holder = entry.holder();
        to.flag(holder != null);
        if (holder != null) {
            id(to, holder);
        }
    }

    static KeyValue entry(WireReader from) throws MalformedFrame {
        String key = key(from);
        Blob value = value(from);
        long flags = from.u64("flags");
        long create = from.varint(Long.MAX_VALUE, "create index");
        long modify = from.varint(Long.MAX_VALUE, "modify index");
        long lock = from.varint(Long.MAX_VALUE, "lock index");
        @Nullable SessionId holder = from.flag("holder") ? id(from) : null;
        return valid(() -> new KeyValue(key, value, flags, create, modify, lock, holder), "entry");
    }

    static void session(WireWriter to, Session session) {
        id(to, session.id());
        to.text(session.name()).text(session.node());
        to.varint(session.lockDelay().toMillis());
        to.u8(session.behavior() == Session.Behavior.DELETE ? 1 : 0);
        to.varint(session.timeToLive().toMillis());
        texts(to, session.nodeChecks());
        texts(to, session.serviceChecks());
        to.varint(session.createIndex()).varint(session.modifyIndex());
    }

    static Session session(WireReader from) throws MalformedFrame {
        SessionId id = id(from);
        String name = from.text(TEXT_BYTES, "session name");
        String node = from.text(TEXT_BYTES, "session node");
        Duration lockDelay = Duration.ofMillis(from.varint(Session.LONGEST_LOCK_DELAY.toMillis(), "lock delay"));
        Session.Behavior behavior = from.flag("behavior") ? Session.Behavior.DELETE : Session.Behavior.RELEASE;
        Duration timeToLive = Duration.ofMillis(from.varint(Session.LONGEST_TIME_TO_LIVE.toMillis(), "time to live"));
        List<String> nodeChecks = texts(from, "node checks");
        List<String> serviceChecks = texts(from, "service checks");
        long create = from.varint(Long.MAX_VALUE, "create index");
        long modify = from.varint(Long.MAX_VALUE, "modify index");
        return valid(
                () -> new Session(
                        id, name, node, lockDelay, behavior, timeToLive, nodeChecks, serviceChecks, create, modify),
                "session");
    }

    private static void texts(WireWriter to, List<String> texts) {
        to.varint(texts.size());
        texts.forEach(to::text);
    }

    private static List<String> texts(WireReader from, String field) throws MalformedFrame {
        int count = from.count(Session.MOST_CHECKS, 1, field);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(from.text(TEXT_BYTES, field));
        }
        return texts;
    }

    /** A record that refuses its fields. */
    interface Made<T> {
        T make();
    }

    /** What {@code made} gives; a record that refuses its fields is malformed. */
    static <T> T valid(Made<T> made, String field) throws MalformedFrame {
        try {
            return made.make();
        } catch (IllegalArgumentException refused) {
            throw new MalformedFrame(Reason.INVALID, field + " (" + refused.getMessage() + ")");
        }
    }
}
