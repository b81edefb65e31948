package io.culvert.dns;

import io.culvert.dns.core.Transport;

/** Hears what becomes of questions. Called on event loops, for each question: must be quick, must not block or throw. */
public interface DnsListener {
    /** Hears nothing. */
    DnsListener NONE = new DnsListener() {};

    /** @param rcode of the answer, 0 to 15 */
    default void answered(Transport transport, int rcode) {}

    default void dropped(DropReason reason) {}

    default void forwarded(ForwardResult result) {}

    /** Why a question got no answer, or a connection its end. */
    enum DropReason {
        /** A response, or too short to be a question. */
        NOT_A_QUESTION,
        /** A datagram from port 0, which nothing can be sent to. */
        NO_RETURN_ADDRESS,
        /** Answers wait in the socket's queue faster than the kernel takes them. */
        SEND_QUEUE_FULL,
        /** The kernel would not send the answer. */
        SEND_FAILED,
        /** More connections than allowed: the one that asked least lately was closed. */
        CONNECTION_LIMIT,
        /** A connection was silent for too long. */
        CONNECTION_IDLE,
        /** A connection broke. */
        CONNECTION_FAILED
    }

    /** How a question about another zone ended. */
    enum ForwardResult {
        ANSWERED,
        /** No recursor answered in time and in order. */
        ALL_FAILED,
        /** Too many are waiting already. */
        OVERLOADED
    }
}
