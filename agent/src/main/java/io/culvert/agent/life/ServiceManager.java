package io.culvert.agent.life;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells systemd how the agent stands: one datagram to the socket in {@code NOTIFY_SOCKET} (sd_notify(3)). */
public final class ServiceManager {
    private static final Logger log = LoggerFactory.getLogger(ServiceManager.class);

    private final Optional<String> socket;
    private final EventLoopGroup loops;

    /** @param socket the value of {@code NOTIFY_SOCKET}; empty: not started by systemd, and everything here does nothing */
    public ServiceManager(Optional<String> socket, EventLoopGroup loops) {
        this.socket = socket.filter(path -> !path.isEmpty());
        this.loops = loops;
    }

    public void ready() {
        send("READY=1");
    }

    public void reloading() {
        send("RELOADING=1");
    }

    public void stopping() {
        send("STOPPING=1");
    }

    private void send(String state) {
        if (socket.isEmpty()) {
            return;
        }
        // A name that begins with @ is in the abstract namespace, which the kernel marks with a zero byte.
        String path = socket.get().startsWith("@") ? "\0" + socket.get().substring(1) : socket.get();
        new Bootstrap()
                .group(loops)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {}
                })
                .bind(new DomainSocketAddress(""))
                .addListener((io.netty.channel.ChannelFutureListener) bound -> {
                    if (!bound.isSuccess()) {
                        log.atWarn().setCause(bound.cause()).log("systemd not told");
                        return;
                    }
                    bound.channel()
                            .writeAndFlush(new DomainDatagramPacket(
                                    Unpooled.copiedBuffer(state, StandardCharsets.UTF_8),
                                    new DomainSocketAddress(path)))
                            .addListener(sent -> {
                                if (!sent.isSuccess()) {
                                    log.atWarn()
                                            .addKeyValue("state", state)
                                            .setCause(sent.cause())
                                            .log("systemd not told");
                                }
                                bound.channel().close();
                            });
                });
    }
}
