package io.culvert.agent.http.route;

import java.util.OptionalInt;

/** Who sent a request. */
public interface Caller {
    /** Whether it came through the UNIX socket, whose file mode has let it in. */
    boolean isUnixSocket();

    /** The user of the calling process; empty when it cannot be told. May read {@code /proc}: on a worker only. */
    OptionalInt uid();
}
