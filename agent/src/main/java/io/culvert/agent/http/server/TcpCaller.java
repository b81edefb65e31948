package io.culvert.agent.http.server;

import io.culvert.agent.http.CallerId;
import io.culvert.agent.http.route.Caller;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A caller over loopback; looked up once, when it first wants to write. */
final class TcpCaller implements Caller {
    private final CallerId callers;
    private final InetSocketAddress client;
    private final InetSocketAddress server;
    private volatile @Nullable OptionalInt known;

    TcpCaller(CallerId callers, InetSocketAddress client, InetSocketAddress server) {
        this.callers = callers;
        this.client = client;
        this.server = server;
    }

    @Override
    public boolean isUnixSocket() {
        return false;
    }

    @Override
    public OptionalInt uid() {
        OptionalInt uid = known;
        if (uid == null) {
            uid = callers.uid(client, server);
            known = uid;
        }
        return uid;
    }
}
