package io.culvert.dns;

import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.LoopbackTable;
import io.culvert.dns.core.AnswerBuffer;
import io.culvert.dns.core.Outcome;
import io.culvert.dns.core.Responder;
import io.culvert.dns.core.Transport;
import io.culvert.dns.core.View;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Where the sockets of one address bring their questions. Confined to {@code loop}. */
final class QuestionDesk {
    private static final int USUAL_QUESTION = 4_096;
    private static final int RCODE_AT = 3;
    private static final int RCODE_MASK = 0xf;

    private final EventLoop loop;
    private final DnsSource source;
    private final DnsListener listener;
    private final Responder responder;
    private final AnswerBuffer answer = new AnswerBuffer();
    private byte[] question = new byte[USUAL_QUESTION];
    private int questionLength;
    private View view;
    private boolean clockRead;

    QuestionDesk(EventLoop loop, DnsSettings settings, DnsSource source, DnsListener listener) {
        this.loop = loop;
        this.source = source;
        this.listener = listener;
        this.responder = new Responder(settings.zone(), new SplittableRandom());
        this.view = new View(
                source.catalog().current(),
                source.loopback().get(),
                source.clock().now().getEpochSecond());
    }

    /** Answers the readable bytes of {@code message}, which stays the caller's; the answer is in {@link #answer}. */
    Outcome answer(ByteBuf message, Transport transport) {
        assert loop.inEventLoop() : "called from " + Thread.currentThread().getName();
        questionLength = message.readableBytes();
        if (questionLength > question.length) {
            question = new byte[AnswerBuffer.CAPACITY];
        }
        message.getBytes(message.readerIndex(), question, 0, questionLength);
        Outcome outcome = responder.respond(question, questionLength, transport, view(), answer);
        if (outcome == Outcome.ANSWERED) {
            listener.answered(transport, answer.bytes()[RCODE_AT] & RCODE_MASK);
        } else if (outcome == Outcome.SILENT) {
            listener.dropped(DnsListener.DropReason.NOT_A_QUESTION);
        }
        return outcome;
    }

    /** A copy of the question that was just to be forwarded. */
    byte[] question() {
        return Arrays.copyOf(question, questionLength);
    }

    /** Puts SERVFAIL for {@code forwarded} into {@link #answer}. */
    void fail(byte[] forwarded, Transport transport) {
        responder.serverFailure(forwarded, forwarded.length, answer);
        listener.answered(transport, answer.bytes()[RCODE_AT] & RCODE_MASK);
    }

    AnswerBuffer answer() {
        return answer;
    }

    /** To be called after each batch of questions: the next one reads the clock again. */
    void batchEnded() {
        clockRead = false;
    }

    private View view() {
        CatalogSnapshot snapshot = source.catalog().current();
        LoopbackTable table = source.loopback().get();
        if (!clockRead || view.snapshot() != snapshot || view.table() != table) {
            view = new View(snapshot, table, source.clock().now().getEpochSecond());
            clockRead = true;
        }
        return view;
    }
}
