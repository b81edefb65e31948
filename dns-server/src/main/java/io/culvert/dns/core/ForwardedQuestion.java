package io.culvert.dns.core;

/**
 * A question on its way to a recursor: under an identifier of our own, so that an answer can be told from a forged one.
 * The source address is the socket's business.
 */
public final class ForwardedQuestion {
    private static final int ID_HIGH = 0;
    private static final int ID_LOW = 1;

    private final byte[] sent;
    private final byte[] original;

    /**
     * @param original a question that a {@link Responder} said to forward; kept, not to be written to
     * @param id 16 bits that nobody can guess
     */
    public ForwardedQuestion(byte[] original, int id) {
        this.original = original;
        this.sent = withId(original, id);
    }

    /** What goes to the recursor. */
    public byte[] bytes() {
        return sent.clone();
    }

    /** Whether {@code message} answers this very question: identifier, QR, opcode and question are right (RFC 5452). */
    public boolean isAnsweredBy(byte[] message) {
        int end = WireFormat.questionEnd(sent, sent.length);
        if (message.length < end
                || message[ID_HIGH] != sent[ID_HIGH]
                || message[ID_LOW] != sent[ID_LOW]
                || (WireFormat.flags(message) & (WireFormat.QR | WireFormat.OPCODE)) != WireFormat.QR
                || WireFormat.count(message, 0) != 1) {
            return false;
        }
        for (int i = WireFormat.HEADER_BYTES; i < end; i++) {
            if (PreparedAnswers.fold(message[i]) != PreparedAnswers.fold(sent[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether the recursor of an answer could not help, so that the next one should be asked. */
    public static boolean isFailure(byte[] answer) {
        int rcode = WireFormat.flags(answer) & 0xf;
        return rcode == ResponseCode.SERVER_FAILURE
                || rcode == ResponseCode.REFUSED
                || rcode == ResponseCode.NOT_IMPLEMENTED;
    }

    /** The answer as the client expects it: with its identifier and its spelling of the name. */
    public byte[] forClient(byte[] answer) {
        byte[] restored = answer.clone();
        int end = WireFormat.questionEnd(original, original.length);
        restored[ID_HIGH] = original[ID_HIGH];
        restored[ID_LOW] = original[ID_LOW];
        System.arraycopy(
                original, WireFormat.HEADER_BYTES, restored, WireFormat.HEADER_BYTES, end - WireFormat.HEADER_BYTES);
        return restored;
    }

    private static byte[] withId(byte[] message, int id) {
        byte[] renamed = message.clone();
        renamed[ID_HIGH] = (byte) (id >>> 8);
        renamed[ID_LOW] = (byte) id;
        return renamed;
    }
}
