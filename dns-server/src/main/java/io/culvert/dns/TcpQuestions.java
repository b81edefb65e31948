package io.culvert.dns;

import io.culvert.dns.DnsListener.DropReason;
import io.culvert.dns.core.AnswerBuffer;
import io.culvert.dns.core.Outcome;
import io.culvert.dns.core.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions of one connection (RFC 7766): any number one after the other, each with its length before it, answered as
 * soon as the answer is known. No more is read while answers wait to be sent or for recursors.
 */
final class TcpQuestions extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(TcpQuestions.class);

    /** Questions of one connection that may wait for recursors. */
    private static final int MOST_FORWARDED = 64;

    private final QuestionDesk desk;
    private final Forwarder forwarder;
    private final TcpConnections connections;
    private final DnsListener listener;
    private ByteBuf received = Unpooled.EMPTY_BUFFER;
    private int forwarded;
    private boolean working; // an answer that is there at once must not start a second round inside the first

    TcpQuestions(QuestionDesk desk, Forwarder forwarder, TcpConnections connections, DnsListener listener) {
        this.desk = desk;
        this.forwarder = forwarder;
        this.connections = connections;
        this.listener = listener;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        connections.opened(context.channel());
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connections.closed(context.channel());
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        received.release();
        received = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        received = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), received, (ByteBuf) message);
        work(context);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        desk.batchEnded();
        context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            work(context);
        }
    }

    /** Answers what is there. Stops reading for as long as something else has to happen first. */
    private void work(ChannelHandlerContext context) {
        if (working) {
            return;
        }
        working = true;
        while (hasQuestion() && mayGoOn(context) && context.channel().isActive()) {
            int length = received.readUnsignedShort();
            ByteBuf question = received.readSlice(length);
            connections.asked(context.channel());
            take(context, question);
        }
        working = false;
        context.flush();
        boolean waits = hasQuestion() && !mayGoOn(context);
        context.channel().config().setAutoRead(!waits);
        if (!received.isReadable()) {
            received.release();
            received = Unpooled.EMPTY_BUFFER;
        }
    }

    private boolean hasQuestion() {
        return received.readableBytes() >= Short.BYTES
                && received.readableBytes() - Short.BYTES >= received.getUnsignedShort(received.readerIndex());
    }

    private boolean mayGoOn(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            context.flush();
        }
        return context.channel().isWritable() && forwarded < MOST_FORWARDED;
    }

    private void take(ChannelHandlerContext context, ByteBuf message) {
        Outcome outcome = desk.answer(message, Transport.TCP);
        if (outcome == Outcome.ANSWERED) {
            sendAnswer(context);
        } else if (outcome == Outcome.SILENT) {
            // Somebody who does not speak DNS: there is nothing to wait for.
            context.close();
        } else {
            byte[] question = desk.question();
            forwarded++;
            forwarder.forward(question, Transport.TCP, answer -> {
                forwarded--;
                answer.ifPresentOrElse(bytes -> send(context, bytes, bytes.length), () -> {
                    desk.fail(question, Transport.TCP);
                    sendAnswer(context);
                });
                if (context.channel().isActive()) {
                    work(context);
                }
            });
        }
    }

    private void sendAnswer(ChannelHandlerContext context) {
        AnswerBuffer answer = desk.answer();
        send(context, answer.bytes(), answer.length());
    }

    private static void send(ChannelHandlerContext context, byte[] answer, int length) {
        ByteBuf framed = context.alloc().directBuffer(Short.BYTES + length);
        context.write(framed.writeShort(length).writeBytes(answer, 0, length), context.voidPromise());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && forwarded == 0) {
            listener.dropped(DropReason.CONNECTION_IDLE);
            context.close();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        listener.dropped(DropReason.CONNECTION_FAILED);
        log.atDebug().addKeyValue("reason", cause.toString()).log("dns connection failed");
        context.close();
    }
}
