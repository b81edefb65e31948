package io.culvert.agent.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifeTest {
    @TempDir
    Path folder = Path.of("unset");

    @Test
    void a_data_directory_belongs_to_one_agent_at_a_time() throws IOException {
        DataDirectory first = DataDirectory.open(folder.resolve("data"));
        assertThatThrownBy(() -> DataDirectory.open(folder.resolve("data")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use by another agent")
                .hasMessageContaining("--data-dir");
        first.close();
        first.close();
        DataDirectory.open(folder.resolve("data")).close();
    }

    @Test
    void a_temporary_data_directory_leaves_nothing_behind() throws IOException {
        DataDirectory data = DataDirectory.temporary();
        Files.writeString(data.secret().resolve("key"), "x");
        assertThat(Files.getPosixFilePermissions(data.secret())).hasSize(3);
        data.close();
        assertThat(data.root()).doesNotExist();
    }

    @Test
    void parts_stop_in_reverse_and_one_that_fails_does_not_keep_the_others() {
        List<String> stopped = new ArrayList<>();
        Closing closing = new Closing();
        closing.add("first", () -> stopped.add("first"));
        closing.add("broken", () -> {
            throw new IOException("stuck");
        });
        closing.add("last", () -> stopped.add("last"));
        closing.close();
        closing.close();
        assertThat(stopped).containsExactly("last", "first");
    }

    @Test
    void readiness_comes_once_when_nothing_is_left() {
        AtomicInteger ready = new AtomicInteger();
        Readiness readiness = new Readiness(List.of("dns", "api"), ready::incrementAndGet);
        readiness.done("dns");
        readiness.done("dns");
        assertThat(readiness.waiting()).containsExactly("api");
        assertThat(ready).hasValue(0);
        readiness.done("api");
        readiness.done("api");
        assertThat(ready).hasValue(1);
    }

    @Test
    void systemd_hears_that_the_agent_is_ready() throws InterruptedException {
        List<String> heard = new CopyOnWriteArrayList<>();
        var loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Path socket = folder.resolve("notify");
        Channel systemd = new Bootstrap()
                .group(loops)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                        heard.add(packet.content().toString(StandardCharsets.UTF_8));
                    }
                })
                .bind(new DomainSocketAddress(socket.toFile()))
                .sync()
                .channel();
        new ServiceManager(Optional.of(socket.toString()), loops).ready();
        Awaitility.await().untilAsserted(() -> assertThat(heard).containsExactly("READY=1"));
        new ServiceManager(Optional.empty(), loops).stopping();
        systemd.close().sync();
        loops.shutdownGracefully();
    }
}
