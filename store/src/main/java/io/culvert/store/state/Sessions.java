package io.culvert.store.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/** All sessions at one index. Immutable. */
public final class Sessions {
    /** One for each of many thousand hosts and a few for their services; more is a client that forgets to destroy its own. */
    public static final int MOST_SESSIONS = 65_536;

    public static final Sessions EMPTY = new Sessions(TreePMap.empty());

    // Sorted, so that whoever walks them does it in the same order on every server.
    private final PSortedMap<SessionId, Session> byId;

    private Sessions(PSortedMap<SessionId, Session> byId) {
        this.byId = byId;
    }

    public int size() {
        return byId.size();
    }

    public boolean contains(SessionId id) {
        return byId.containsKey(id);
    }

    public Optional<Session> get(SessionId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** In the order of their ids. */
    public List<Session> list() {
        return new ArrayList<>(byId.values());
    }

    /** Those bound to {@code node}, whatever its case. */
    public List<Session> ofNode(String node) {
        return byId.values().stream()
                .filter(session -> session.node().equalsIgnoreCase(node))
                .toList();
    }

    Sessions with(Session session) {
        return new Sessions(byId.plus(session.id(), session));
    }

    Sessions without(SessionId id) {
        return new Sessions(byId.minus(id));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sessions sessions && sessions.byId.equals(byId);
    }

    @Override
    public int hashCode() {
        return byId.hashCode();
    }

    @Override
    public String toString() {
        return byId.size() + " sessions";
    }
}
