package io.culvert.proxy.stream;

/** What to do with DATA that has come. */
public enum Arrival {
    /** Write it to the application leg. */
    DELIVER,
    /** Drop it: the application leg is gone, the peer will hear of it. */
    DISCARD,
    /** It must not be here: call {@code fault}. */
    FAULT
}
