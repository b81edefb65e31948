package io.culvert.agent.http.route;

import java.util.function.Supplier;

/**
 * What was read at one moment.
 *
 * @param index grows when the result may have changed; at least 1
 * @param answer made only when it is sent; belongs to the same moment
 */
public record Readout(long index, Supplier<Answer> answer) {
    /** Reads the present. Any thread; quick. */
    @FunctionalInterface
    public interface Source {
        Readout read();
    }
}
