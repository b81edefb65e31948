package io.culvert.proxy.frame;

/** Checks that values must pass on both sides of the wire. */
final class Wire {
    private Wire() {}

    static void check(boolean holds, String what, long value) {
        if (!holds) {
            throw new IllegalArgumentException(what + ": " + value + " is out of its range");
        }
    }
}
