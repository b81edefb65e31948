package io.culvert.agent.rpc;

import io.culvert.agent.rpc.wire.RpcError;
import io.culvert.agent.rpc.wire.RpcFrame;
import io.culvert.agent.rpc.wire.RpcFrameFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The questions asked on one connection that have no answer yet. Confined to the connection's event loop. */
final class ClientBook {
    private final int most;
    private final Map<Integer, CompletableFuture<byte[]>> open = new HashMap<>();
    private int lastId;

    ClientBook(int most) {
        this.most = most;
    }

    /** Enters a question; returns its id, or 0 when too many are open or the ids are used up. */
    int begin(CompletableFuture<byte[]> answer) {
        if (open.size() >= most || lastId == Integer.MAX_VALUE) {
            return 0;
        }
        open.put(++lastId, answer);
        return lastId;
    }

    /** Takes an answer. One to a question that was given up is dropped, one to a question never asked is a fault. */
    void answered(RpcFrame frame) throws RpcFrameFault {
        if (frame instanceof RpcFrame.Request || frame instanceof RpcFrame.Cancel || frame.id() > lastId) {
            throw new RpcFrameFault("frame " + frame.id() + " answers no question");
        }
        CompletableFuture<byte[]> answer = open.remove(frame.id());
        if (answer == null) {
            return;
        }
        if (frame instanceof RpcFrame.Response response) {
            answer.complete(response.payload());
        } else if (frame instanceof RpcFrame.Failure failure) {
            answer.completeExceptionally(new RpcFailure(failure.error(), failure.message()));
        }
    }

    /** Nobody waits for it any longer; true if it was still open. */
    boolean giveUp(int id) {
        return open.remove(id) != null;
    }

    /** The connection is gone. */
    void failAll(String reason) {
        List<CompletableFuture<byte[]>> waiting = new ArrayList<>(open.values());
        open.clear();
        waiting.forEach(answer -> answer.completeExceptionally(new RpcFailure(RpcError.CONNECTION_LOST, reason)));
    }

    boolean isEmpty() {
        return open.isEmpty();
    }
}
