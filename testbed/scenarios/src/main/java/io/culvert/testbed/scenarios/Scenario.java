package io.culvert.testbed.scenarios;

import io.culvert.testbed.hosts.Testbed;

/** One story, told on fresh hosts. Throws {@link AssertionError} where it does not hold. */
public interface Scenario {
    /** The name for {@code ./testbed/run}. */
    String name();

    void play(Testbed testbed, Story story) throws Exception;
}
