package io.culvert.agent.http.server;

/** Hears what happens at the API's sockets. Any thread; quick. */
public interface ServerListener {
    /** Why something was not taken. */
    enum Refusal {
        TOO_MANY_CONNECTIONS,
        TOO_MANY_OF_ONE_CLIENT,
        MALFORMED,
        TOO_LARGE,
        TOO_SLOW,
        HOST,
        ORIGIN,
        CALLER
    }

    /** Paired with {@link #closed}. */
    void opened();

    void closed();

    void answered(String method, int status);

    void refused(Refusal reason);
}
