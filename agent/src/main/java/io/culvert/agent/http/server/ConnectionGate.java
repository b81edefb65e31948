package io.culvert.agent.http.server;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts connections, in all and of each client. Any thread. */
final class ConnectionGate {
    private final int most;
    private final int mostOfOne;
    private final Map<String, Integer> clients = new HashMap<>();
    private int all;

    ConnectionGate(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** Takes a place, or says why there is none. Each place taken is given back once. */
    synchronized Optional<ServerListener.Refusal> enter(String client) {
        if (all >= most) {
            return Optional.of(ServerListener.Refusal.TOO_MANY_CONNECTIONS);
        }
        int own = clients.getOrDefault(client, 0);
        if (own >= mostOfOne) {
            return Optional.of(ServerListener.Refusal.TOO_MANY_OF_ONE_CLIENT);
        }
        clients.put(client, own + 1);
        all++;
        return Optional.empty();
    }

    synchronized void leave(String client) {
        all--;
        clients.computeIfPresent(client, (name, count) -> count == 1 ? null : count - 1);
    }
}
