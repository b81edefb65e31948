package io.culvert.agent.http.server;

import io.culvert.agent.http.route.Caller;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Who may change things: whoever the UNIX socket's file mode lets in; over TCP root, the agent's user and those named. */
public final class Writers {
    private static final int ROOT = 0;

    private final Set<Integer> users;
    private final Optional<Path> socket;

    /**
     * @param users besides root; the agent's own among them
     * @param socket named to those who are refused; empty: there is none
     */
    public Writers(Set<Integer> users, Optional<Path> socket) {
        this.users = users;
        this.socket = socket;
    }

    /** Why this caller may not; empty: it may. May read {@code /proc}. */
    Optional<String> refusal(Caller caller) {
        if (caller.isUnixSocket()) {
            return Optional.empty();
        }
        OptionalInt uid = caller.uid();
        if (uid.isPresent() && (uid.getAsInt() == ROOT || users.contains(uid.getAsInt()))) {
            return Optional.empty();
        }
        String who = uid.isPresent() ? "you are uid " + uid.getAsInt() : "who you are could not be found out";
        String way = socket.map(
                        path -> "the UNIX socket " + path + " (who may open it may: see api.socket_group), or sudo")
                .orElse("sudo (the UNIX socket is off: api.socket)");
        return Optional.of("Permission denied: over TCP only root and the agent's user may change things (" + who
                + "). Use " + way);
    }
}
