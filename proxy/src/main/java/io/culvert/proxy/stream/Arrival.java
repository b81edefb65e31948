package io.culvert.proxy.stream;

/** What to do with DATA that has come. */
public enum Arrival {
    /** Write it to the application leg. */
    DELIVER,
    /** Drop it: the application leg is gone, the peer will hear of it. */
    DISCARD,
    /** Drop it, and call {@code giveUp}: the peer has not heard of our RESET for too long. */
    GIVE_UP,
    /** It must not be here: call {@code fault}. */
    FAULT
}
