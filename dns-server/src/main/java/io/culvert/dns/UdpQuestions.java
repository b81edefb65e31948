package io.culvert.dns;

import io.culvert.dns.DnsListener.DropReason;
import io.culvert.dns.core.AnswerBuffer;
import io.culvert.dns.core.Outcome;
import io.culvert.dns.core.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Questions by datagram: a batch is read, answered and sent together. */
final class UdpQuestions extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(UdpQuestions.class);

    private final QuestionDesk desk;
    private final Forwarder forwarder;
    private final DnsListener listener;

    UdpQuestions(QuestionDesk desk, Forwarder forwarder, DnsListener listener) {
        this.desk = desk;
        this.forwarder = forwarder;
        this.listener = listener;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            take(context, packet);
        } finally {
            packet.release();
        }
    }

    private void take(ChannelHandlerContext context, DatagramPacket packet) {
        InetSocketAddress client = packet.sender();
        if (client.getPort() == 0) {
            listener.dropped(DropReason.NO_RETURN_ADDRESS);
            return;
        }
        Transport transport = client.getAddress().isLoopbackAddress() ? Transport.UDP_LOCAL : Transport.UDP_REMOTE;
        Outcome outcome = desk.answer(packet.content(), transport);
        if (outcome == Outcome.ANSWERED) {
            send(context, client, copy(context));
        } else if (outcome == Outcome.FORWARD) {
            byte[] question = desk.question();
            forwarder.forward(question, transport, answer -> {
                send(
                        context,
                        client,
                        answer.map(Unpooled::wrappedBuffer).orElseGet(() -> failure(context, question, transport)));
                context.flush();
            });
        }
    }

    private ByteBuf failure(ChannelHandlerContext context, byte[] question, Transport transport) {
        desk.fail(question, transport);
        return copy(context);
    }

    private ByteBuf copy(ChannelHandlerContext context) {
        AnswerBuffer answer = desk.answer();
        return context.alloc().directBuffer(answer.length()).writeBytes(answer.bytes(), 0, answer.length());
    }

    /** Takes ownership of {@code answer}. */
    private void send(ChannelHandlerContext context, InetSocketAddress client, ByteBuf answer) {
        if (!context.channel().isWritable()) {
            answer.release();
            listener.dropped(DropReason.SEND_QUEUE_FULL);
            return;
        }
        context.write(new DatagramPacket(answer, client), context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        desk.batchEnded();
        context.flush();
    }

    /** A datagram that the kernel would not send, or an ICMP error: the socket goes on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        listener.dropped(DropReason.SEND_FAILED);
        log.atDebug().addKeyValue("reason", cause.toString()).log("dns answer not sent");
    }
}
