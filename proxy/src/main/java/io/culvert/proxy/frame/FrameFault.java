package io.culvert.proxy.frame;

/** How a peer broke the format. Each one ends the connection and is counted. */
public enum FrameFault {
    UNKNOWN_TYPE,
    TOO_LONG,
    /** DATA without a byte. */
    EMPTY_DATA,
    /** A stream frame for stream 0, or a connection frame for another. */
    WRONG_STREAM,
    /** A payload that ends early, has bytes left over, or holds a value out of range. */
    MALFORMED,
    /** A TLV of an odd type that this version does not know. */
    UNSUPPORTED_TLV
}
