package io.culvert.testbed.strangers;

import java.io.IOException;
import java.net.InetAddress;

/** One way of coming uninvited. */
@FunctionalInterface
public interface Visit {
    /** What an outcome says when the door opened. */
    String LET_IN = "LET IN";

    /**
     * Comes once.
     *
     * @param from the address to come from
     * @return what became of it, for people
     */
    String pay(InetAddress from) throws IOException;
}
