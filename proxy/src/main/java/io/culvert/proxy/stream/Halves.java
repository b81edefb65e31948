package io.culvert.proxy.stream;

/** The two directions of one stream, seen from one end: how each stands, and what it carried. */
final class Halves {
    /** Bytes that a peer may still send after our RESET before we stop listening to it. */
    private static final long MOST_DISCARDED = 1 << 20;

    /** How a direction stands; both FIN and RESET are its last word. */
    enum Direction {
        OPEN,
        FIN,
        RESET
    }

    Direction out = Direction.OPEN;
    Direction in = Direction.OPEN;
    long sent;
    long received;

    /** Whether our application leg is closed or told to close. */
    boolean appGone;

    private long discarded;

    boolean bothEnded() {
        return out != Direction.OPEN && in != Direction.OPEN;
    }

    boolean bothEndedWell() {
        return out == Direction.FIN && in == Direction.FIN;
    }

    /** One direction ended well, the other is still open. */
    boolean isHalfClosed() {
        return (out == Direction.FIN) != (in == Direction.FIN);
    }

    /** DATA has come in an open direction. */
    Arrival arrived(int bytes) {
        received += bytes;
        if (!appGone) {
            return Arrival.DELIVER;
        }
        discarded += bytes;
        return discarded > MOST_DISCARDED ? Arrival.GIVE_UP : Arrival.DISCARD;
    }

    @Override
    public String toString() {
        return "out " + out + ", in " + in + ", sent " + sent + ", received " + received;
    }
}
