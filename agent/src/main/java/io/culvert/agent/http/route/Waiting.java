package io.culvert.agent.http.route;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * A read that is held back until there is something new, or until {@code longest} is over.
 *
 * @param topic what has to change
 * @param read what is read, each time something may be new
 * @param isNews whether what was read now is what the client waits for
 * @param longest at most so long; a little is added so that clients do not come back together
 */
public record Waiting(Topic topic, Readout.Source read, Predicate<Readout> isNews, Duration longest) implements Reply {}
