package io.culvert.agent.rpc.wire;

/** The peer sent bytes that are no frame; the connection cannot go on. */
public final class RpcFrameFault extends Exception {
    private static final long serialVersionUID = 1L;

    public RpcFrameFault(String message) {
        super(message, null, false, false);
    }
}
