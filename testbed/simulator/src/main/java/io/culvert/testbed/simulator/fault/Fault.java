package io.culvert.testbed.simulator.fault;

import java.time.Duration;

/**
 * One thing that goes wrong. A record: its components are what a script says about it, so that printing, reading and
 * shrinking need no more than the record itself.
 */
public sealed interface Fault permits LinkFault, StreamFault, HostFault, Intrusion {
    /** When it begins, from the beginning of the script. */
    Duration at();

    /** How long it lasts; zero for what happens at once, or never ends by itself. */
    Duration length();

    /** It begins. */
    void begin(Stage stage);

    /** It is over; called {@link #length} after {@link #begin} when that is not zero. */
    default void end(Stage stage) {}

    /**
     * Who may for its sake wrongly be held for dead, or wrongly hold others for dead, from its beginning until the
     * longest suspicion after its end. For all others the pool has to go on as if nothing had happened.
     */
    default Hosts excuses() {
        return Hosts.NONE;
    }
}
