package io.culvert.testbed.simulator.fault;

/** Who may be mistaken because of a link that does not carry what it should. */
final class Excuses {
    /** What the protocol has to bear without a mistake (reference, invariant 3). */
    static final double LOSS_BORNE = 0.25;

    private Excuses() {}

    static Hosts beyond(double lossShare, Hosts from, Hosts to) {
        return lossShare <= LOSS_BORNE ? Hosts.NONE : either(from, to);
    }

    /** The smaller side when the other is everybody: who hears nobody is alone to blame. */
    static Hosts either(Hosts from, Hosts to) {
        if (from.equals(Hosts.ALL)) {
            return to;
        }
        return to.equals(Hosts.ALL) ? from : from.and(to);
    }
}
