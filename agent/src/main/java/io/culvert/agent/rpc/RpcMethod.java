package io.culvert.agent.rpc;

import java.util.concurrent.CompletionStage;

/**
 * Answers one kind of request.
 *
 * @param <Q> record of the request
 * @param <A> record of the answer
 */
@FunctionalInterface
public interface RpcMethod<Q, A> {
    /**
     * Runs on a worker thread and may block for as long as a disk takes; for longer waits it returns a stage that is
     * completed later. The stage is cancelled when the caller has gone or its time is up. A failure of type
     * {@link RpcFailure}, thrown or in the stage, is told to the caller; any other is logged here and told as internal.
     */
    CompletionStage<A> handle(Q request, RpcPeer peer) throws RpcFailure;
}
