package io.culvert.agent.rpc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The requests of one connection that are not answered yet. Confined to the connection's event loop. */
final class ServerBook {
    private final int most;
    private final Map<Integer, CompletableFuture<?>> open = new HashMap<>();
    private int lastId;

    ServerBook(int most) {
        this.most = most;
    }

    /** What to do with a new request. */
    enum Admission {
        /** Go on: {@link #begin} was done. */
        ADMITTED,
        /** Too many are open: answer so. */
        FULL,
        /** The id is not above all before: the peer does not speak our protocol. */
        OUT_OF_ORDER
    }

    Admission begin(int id) {
        if (id <= lastId) {
            return Admission.OUT_OF_ORDER;
        }
        lastId = id;
        if (open.size() >= most) {
            return Admission.FULL;
        }
        open.put(id, new CompletableFuture<>());
        return Admission.ADMITTED;
    }

    /** Ties the method's work to its request; cancels it when the request is over already. */
    void attach(int id, CompletableFuture<?> work) {
        if (open.replace(id, work) == null) {
            work.cancel(false);
        }
    }

    /** The answer is due: true exactly once for each request, unless it was cancelled. */
    boolean end(int id) {
        return open.remove(id) != null;
    }

    /** The caller waits no longer: its work is cancelled. False when it was over already. */
    boolean cancel(int id) {
        CompletableFuture<?> work = open.remove(id);
        return work != null && work.cancel(false);
    }

    void cancelAll() {
        List<Integer> ids = new ArrayList<>(open.keySet());
        ids.forEach(this::cancel);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }
}
