package io.culvert.agent.life;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, so that it stops in reverse. A part that fails to stop does not keep the others from stopping. */
public final class Closing implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private final Deque<Part> parts = new ArrayDeque<>();

    private record Part(String name, AutoCloseable what) {}

    /** Remembers {@code what}, and returns it. */
    public synchronized <T extends AutoCloseable> T add(String name, T what) {
        parts.push(new Part(name, what));
        return what;
    }

    /** Stops everything; what was stopped once is not stopped again. */
    @Override
    public void close() {
        while (true) {
            Part part;
            synchronized (this) {
                part = parts.poll();
            }
            if (part == null) {
                return;
            }
            try {
                part.what().close();
            } catch (Exception e) {
                log.atWarn().addKeyValue("part", part.name()).setCause(e).log("did not stop cleanly");
            }
        }
    }
}
