package io.culvert.agent.rpc;

import io.culvert.agent.rpc.wire.RpcError;

/** A request that was not answered. The message may be shown to the one who asked, on either side. */
public final class RpcFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final RpcError error;

    public RpcFailure(RpcError error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    /** Understood, and refused for the reason given. */
    public static RpcFailure refused(String message) {
        return new RpcFailure(RpcError.REFUSED, message);
    }

    public RpcError error() {
        return error;
    }

    /** The failure in {@code thrown}, which futures may have wrapped; null if it is something else. */
    public static @org.jspecify.annotations.Nullable RpcFailure in(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof RpcFailure failure) {
                return failure;
            }
        }
        return null;
    }
}
