package io.culvert.agent.http;

import java.util.Optional;

/** Turns of the agent's life that the API can ask for. Any thread; may block. */
public interface Lifecycle {
    /** Reads settings and service files again, all or nothing. What is wrong with them, if anything is. */
    Optional<String> reload();

    /** Says goodbye to the pool and waits until it is heard. What went wrong, if anything did. */
    Optional<String> leave();

    /** Ends the agent soon; called when the answer to a leave is on its way. Must not block. */
    void exit();
}
