package io.culvert.agent.http;

import java.net.InetSocketAddress;
import java.util.OptionalInt;

/** Finds out whose process is at the other end of a loopback connection. */
@FunctionalInterface
public interface CallerId {
    /**
     * The user of the process that connected; empty when it cannot be told. May read {@code /proc}: never on an event
     * loop.
     *
     * @param client the caller's end
     * @param server our end
     */
    OptionalInt uid(InetSocketAddress client, InetSocketAddress server);
}
