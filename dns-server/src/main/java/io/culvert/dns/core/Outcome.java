package io.culvert.dns.core;

/** What becomes of a question. */
public enum Outcome {
    /** The answer is in the buffer. */
    ANSWERED,
    /** No answer: to a response, or to what is too short to be a question, one could be made to answer for ever. */
    SILENT,
    /** The name is of somebody else's zone and a recursor may be asked. */
    FORWARD
}
