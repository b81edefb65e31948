package io.culvert.gossip.bounds;

/**
 * How full one table, queue or window is.
 *
 * @param what it holds
 * @param entries now
 * @param bound that it keeps whatever others send
 */
public record Size(String what, long entries, long bound) {
    public boolean isWithinBound() {
        return entries <= bound;
    }

    @Override
    public String toString() {
        return entries + " " + what + " (bound: " + bound + ")";
    }
}
