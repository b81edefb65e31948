package io.culvert.agent.rpc;

import io.culvert.agent.rpc.RpcJson.MalformedMessage;
import io.culvert.agent.rpc.wire.RpcError;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What can be asked for under one server name. Any thread. */
public final class RpcMethods {
    private final Map<String, Invocation> methods = new ConcurrentHashMap<>();

    /** A method with its JSON taken care of. The answer is written on the thread that completes the stage. */
    interface Invocation {
        CompletableFuture<byte[]> invoke(byte[] payload, RpcPeer peer) throws RpcFailure;
    }

    /** Adds a method; it may be asked for from now on. */
    public <Q, A> RpcMethods register(String name, Class<Q> request, RpcMethod<Q, A> method) {
        Invocation invocation = (payload, peer) ->
                written(method.handle(read(name, payload, request), peer).toCompletableFuture());
        if (methods.putIfAbsent(name, invocation) != null) {
            throw new IllegalStateException("method '" + name + "' is registered already");
        }
        return this;
    }

    Optional<Invocation> find(String name) {
        return Optional.ofNullable(methods.get(name));
    }

    /** Cancelling what is returned cancels {@code answer}, which the JDK's stages do not do by themselves. */
    private static <A> CompletableFuture<byte[]> written(CompletableFuture<A> answer) {
        CompletableFuture<byte[]> written = answer.thenApply(RpcJson::write);
        written.whenComplete((bytes, failure) -> {
            if (written.isCancelled()) {
                answer.cancel(false);
            }
        });
        return written;
    }

    private static <Q> Q read(String name, byte[] payload, Class<Q> request) throws RpcFailure {
        try {
            return RpcJson.read(payload, request);
        } catch (MalformedMessage e) {
            throw new RpcFailure(RpcError.BAD_REQUEST, name + ": " + e.getMessage());
        }
    }
}
