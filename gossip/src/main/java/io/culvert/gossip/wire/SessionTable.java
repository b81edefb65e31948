package io.culvert.gossip.wire;

import io.culvert.catalog.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The sessions heard of, each with its replay window and cookie. Bounded: proven and unproven ones apart, so that a flood
 * of new sessions cannot push out those that live; in each the one unheard for longest goes first. A session that was
 * pushed out comes back unproven and with another cookie, so that a recording of it stays worthless.
 */
final class SessionTable {
    /** Sender and number of a session. */
    record Key(NodeId sender, long session) {}

    /** One session. */
    static final class Session {
        final Key key;
        final ReplayWindow window = new ReplayWindow();
        final long cookie;
        boolean proven;
        private long keyId;
        private @Nullable SecretKey secret;

        Session(Key key, long cookie) {
            this.key = key;
            this.cookie = cookie;
        }

        @Nullable
        SecretKey secret(long wantedKeyId) {
            return keyId == wantedKeyId ? secret : null;
        }

        void remember(long usedKeyId, SecretKey usedSecret) {
            keyId = usedKeyId;
            secret = usedSecret;
        }
    }

    /** What is to be said to a peer with the next packet. */
    private static final class Peer {
        Session newest;
        OptionalLong offeredToUs = OptionalLong.empty();

        Peer(Session newest) {
            this.newest = newest;
        }
    }

    private final Map<Key, Session> proven;
    private final Map<Key, Session> unproven;
    private final Map<NodeId, Peer> peers;

    SessionTable(EnvelopeBounds bounds) {
        this.proven = leastRecentlyUsed(bounds.provenSessions());
        this.unproven = leastRecentlyUsed(bounds.unprovenSessions());
        this.peers = leastRecentlyUsed(bounds.provenSessions() + bounds.unprovenSessions());
    }

    int size() {
        return proven.size() + unproven.size();
    }

    @Nullable
    Session find(Key key) {
        Session session = proven.get(key);
        return session != null ? session : unproven.get(key);
    }

    /** Records an authentic packet of {@code session}, which may be new, and the cookies it carried. */
    void heard(Session session, OptionalLong echoed, OptionalLong offered) {
        if (!session.proven && echoed.isPresent() && echoed.getAsLong() == session.cookie) {
            session.proven = true;
            unproven.remove(session.key);
        }
        (session.proven ? proven : unproven).put(session.key, session);
        Peer peer = peers.computeIfAbsent(session.key.sender(), absent -> new Peer(session));
        peer.newest = session;
        // A peer that offers nothing has proof of us: the echo can stop.
        peer.offeredToUs = offered;
    }

    Cookies cookiesFor(NodeId id) {
        Peer peer = peers.get(id);
        if (peer == null) {
            return Cookies.NONE;
        }
        OptionalLong offer = peer.newest.proven ? OptionalLong.empty() : OptionalLong.of(peer.newest.cookie);
        return new Cookies(peer.offeredToUs, offer);
    }

    private static <K, V> Map<K, V> leastRecentlyUsed(int bound) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > bound;
            }
        };
    }
}
