package io.culvert.dns.core;

import java.util.random.RandomGenerator;

/**
 * Turns the bytes of a question into the bytes of an answer. Any bytes may come in: it never throws, never writes more
 * than the transport and the client allow, and always echoes the identifier. Keeps prepared answers: confined to one
 * event loop.
 */
public final class Responder {
    private final FastPath fast;
    private final SlowPath slow;
    private final ZoneSettings settings;

    /** @param random decides the order of answers; not for secrets */
    public Responder(ZoneSettings settings, RandomGenerator random) {
        Resolver resolver = new Resolver(settings);
        this.settings = settings;
        this.fast = new FastPath(settings, resolver, random);
        this.slow = new SlowPath(settings, resolver, random);
    }

    /** Answers the first {@code length} bytes of {@code message}; what {@code out} held before is gone. */
    public Outcome respond(byte[] message, int length, Transport transport, View view, AnswerBuffer out) {
        Outcome settled = header(message, length, out);
        if (settled != Outcome.FORWARD) {
            return settled;
        }
        return fast.respond(message, length, transport, view, out)
                ? Outcome.ANSWERED
                : slow.respond(message, length, transport, view, out);
    }

    /** As {@link #respond}, by dnsjava alone: what the short way is compared with. */
    Outcome respondSlowly(byte[] message, int length, Transport transport, View view, AnswerBuffer out) {
        Outcome settled = header(message, length, out);
        return settled != Outcome.FORWARD ? settled : slow.respond(message, length, transport, view, out);
    }

    /** As {@link #respond}, by the short way alone; false when it is not for this question. */
    boolean respondFast(byte[] message, int length, Transport transport, View view, AnswerBuffer out) {
        return header(message, length, out) == Outcome.FORWARD && fast.respond(message, length, transport, view, out);
    }

    /** The answer to a question that was to be forwarded and whose recursors all failed. */
    public void serverFailure(byte[] message, int length, AnswerBuffer out) {
        out.clear();
        Refusals.write(message, length, ResponseCode.SERVER_FAILURE, out);
        if (settings.recursion()) {
            out.bytes()[3] |= (byte) WireFormat.RA;
        }
    }

    /** What the header alone decides; {@link Outcome#FORWARD} when the question must be read. */
    private static Outcome header(byte[] message, int length, AnswerBuffer out) {
        out.clear();
        if (length < WireFormat.HEADER_BYTES || (WireFormat.flags(message) & WireFormat.QR) != 0) {
            return Outcome.SILENT;
        }
        if ((WireFormat.flags(message) & WireFormat.OPCODE) != 0) {
            Refusals.write(message, length, ResponseCode.NOT_IMPLEMENTED, out);
            return Outcome.ANSWERED;
        }
        // RFC 9619: a query has one question.
        if (WireFormat.count(message, 0) != 1 || WireFormat.questionEnd(message, length) < 0) {
            Refusals.write(message, length, ResponseCode.FORMAT_ERROR, out);
            return Outcome.ANSWERED;
        }
        return Outcome.FORWARD;
    }
}
