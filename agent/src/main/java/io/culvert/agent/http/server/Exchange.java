package io.culvert.agent.http.server;

import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.watch.BlockingQueries.Held;

/** Takes whole requests from a connection and gives rendered answers back. Called on event loops; never blocks. */
@FunctionalInterface
public interface Exchange {
    /**
     * Answers once through {@code back}, on any thread, unless cancelled before. Cancelling may come at any time, also
     * after the answer.
     */
    Held begin(ApiRequest request, Back back);

    /** Where the answer goes. */
    @FunctionalInterface
    interface Back {
        void answer(Rendered answer);
    }
}
