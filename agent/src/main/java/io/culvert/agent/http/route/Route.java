package io.culvert.agent.http.route;

/**
 * One method of one path.
 *
 * @param pattern such as {@code /v1/agent/service/:id}; the last segment may be a parameter and then takes all that
 *     follows, slashes included
 */
public record Route(String method, String pattern, Access access, Handler handler) {
    /** Who may. */
    public enum Access {
        /** Everybody on this host. */
        READ,
        /** Root, the agent's user, and who may open the UNIX socket: changes, and reading of secrets. */
        OPERATE
    }
}
