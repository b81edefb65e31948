package io.culvert.dns;

import io.culvert.dns.DnsListener.ForwardResult;
import io.culvert.dns.core.AnswerBuffer;
import io.culvert.dns.core.ForwardedQuestion;
import io.culvert.dns.core.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the recursors, in order, about names of other zones. Each question has a socket of its own, so that both its port
 * and its identifier must be guessed to forge an answer (RFC 5452). A question that came by TCP goes on by TCP. Confined
 * to {@code loop}.
 */
final class Forwarder {
    private static final Logger log = LoggerFactory.getLogger(Forwarder.class);

    private static final int ID_BOUND = 1 << 16;
    private static final int LONGEST_DATAGRAM = 8_192;

    private final EventLoop loop;
    private final Transports transports;
    private final List<InetSocketAddress> recursors;
    private final DnsSettings.Limits limits;
    private final DnsListener listener;
    private final SecureRandom identifiers = new SecureRandom();
    private final Set<Pending> pending = new HashSet<>();
    private boolean closed;

    Forwarder(EventLoop loop, Transports transports, DnsSettings settings, DnsListener listener) {
        this.loop = loop;
        this.transports = transports;
        this.recursors = settings.recursors();
        this.limits = settings.limits();
        this.listener = listener;
    }

    /** Calls {@code done} once, on the loop, with an answer for the client, or with nothing when there is none. */
    void forward(byte[] question, Transport transport, Consumer<Optional<byte[]>> done) {
        assert loop.inEventLoop() : "called from " + Thread.currentThread().getName();
        if (closed || pending.size() >= limits.forwarded()) {
            listener.forwarded(ForwardResult.OVERLOADED);
            done.accept(Optional.empty());
            return;
        }
        Pending waiting = new Pending(question, transport, done);
        pending.add(waiting);
        waiting.askNext();
    }

    int pendingCount() {
        return pending.size();
    }

    /** Gives up on everything that waits. */
    void close() {
        closed = true;
        Set.copyOf(pending).forEach(each -> each.finish(Optional.empty(), ForwardResult.ALL_FAILED));
    }

    /** One question, until it is answered or every recursor has failed. */
    private final class Pending {
        private final byte[] question;
        private final Transport transport;
        private final Consumer<Optional<byte[]>> done;
        private int next;
        private Optional<byte[]> lastFailure = Optional.empty();
        private @Nullable Attempt current;

        Pending(byte[] question, Transport transport, Consumer<Optional<byte[]>> done) {
            this.question = question;
            this.transport = transport;
            this.done = done;
        }

        void askNext() {
            if (next == recursors.size()) {
                finish(lastFailure, ForwardResult.ALL_FAILED);
                return;
            }
            Attempt attempt = new Attempt(this, recursors.get(next++));
            current = attempt;
            attempt.start();
        }

        /** A recursor's own "could not" is passed on only when nobody knows better. */
        void answered(ForwardedQuestion sent, byte[] answer) {
            byte[] restored = sent.forClient(answer);
            if (ForwardedQuestion.isFailure(answer)) {
                lastFailure = Optional.of(restored);
                askNext();
            } else {
                finish(Optional.of(restored), ForwardResult.ANSWERED);
            }
        }

        void finish(Optional<byte[]> answer, ForwardResult result) {
            if (!pending.remove(this)) {
                return;
            }
            if (current != null) {
                current.end();
            }
            listener.forwarded(result);
            done.accept(answer);
        }
    }

    /** One question to one recursor. */
    private final class Attempt {
        private final Pending owner;
        private final InetSocketAddress recursor;
        private final ForwardedQuestion sent;
        private boolean ended;
        private @Nullable Channel channel;
        private @Nullable ScheduledFuture<?> deadline;

        Attempt(Pending owner, InetSocketAddress recursor) {
            this.owner = owner;
            this.recursor = recursor;
            this.sent = new ForwardedQuestion(owner.question, identifiers.nextInt(ID_BOUND));
        }

        void start() {
            long timeout = limits.recursorTimeout().toMillis();
            deadline = loop.schedule(() -> failed("no answer in time"), timeout, TimeUnit.MILLISECONDS);
            ChannelFuture connecting = bootstrap().connect(recursor);
            channel = connecting.channel();
            connecting.addListener(result -> {
                if (result.isSuccess()) {
                    write(connecting.channel());
                } else {
                    failed(String.valueOf(result.cause()));
                }
            });
        }

        private Bootstrap bootstrap() {
            boolean udp = owner.transport.isUdp();
            Bootstrap bootstrap = new Bootstrap()
                    .group(loop)
                    .channel(udp ? transports.datagram() : transports.stream())
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel opened) {
                            if (!udp) {
                                opened.pipeline()
                                        .addLast(new LengthFieldBasedFrameDecoder(
                                                Short.BYTES + AnswerBuffer.CAPACITY, 0, Short.BYTES, 0, Short.BYTES));
                            }
                            opened.pipeline().addLast(new Answers());
                        }
                    });
            return udp
                    ? bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LONGEST_DATAGRAM))
                    : bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }

        private void write(Channel connected) {
            byte[] bytes = sent.bytes();
            Object message = owner.transport.isUdp()
                    ? new DatagramPacket(Unpooled.wrappedBuffer(bytes), recursor)
                    : Unpooled.buffer(Short.BYTES + bytes.length)
                            .writeShort(bytes.length)
                            .writeBytes(bytes);
            connected.writeAndFlush(message, connected.voidPromise());
        }

        private void failed(String reason) {
            if (ended) {
                return;
            }
            end();
            log.atDebug()
                    .addKeyValue("recursor", Addresses.text(recursor))
                    .addKeyValue("reason", reason)
                    .log("recursor failed");
            owner.askNext();
        }

        void end() {
            ended = true;
            if (deadline != null) {
                deadline.cancel(false);
            }
            if (channel != null) {
                channel.close();
            }
        }

        /** Takes the first answer that is one; forged and late ones are passed over. */
        private final class Answers extends SimpleChannelInboundHandler<Object> {
            @Override
            protected void channelRead0(ChannelHandlerContext context, Object message) {
                boolean fromRecursor = !(message instanceof DatagramPacket packet) || recursor.equals(packet.sender());
                ByteBuf content = message instanceof DatagramPacket packet ? packet.content() : (ByteBuf) message;
                byte[] answer = ByteBufUtil.getBytes(content);
                if (!ended && fromRecursor && sent.isAnsweredBy(answer)) {
                    end();
                    owner.answered(sent, answer);
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                failed("connection closed");
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                failed(cause.toString());
            }
        }
    }
}
