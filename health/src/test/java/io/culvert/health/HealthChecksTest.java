package io.culvert.health;

import static io.culvert.catalog.CheckStatus.CRITICAL;
import static io.culvert.catalog.CheckStatus.PASSING;
import static io.culvert.catalog.CheckStatus.WARNING;
import static io.culvert.health.Definitions.script;
import static io.culvert.health.Definitions.service;
import static io.culvert.health.Definitions.timing;
import static io.culvert.health.Definitions.ttl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.culvert.catalog.Catalog;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.clock.SystemClocks;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthChecksTest {
    private static final Duration CAP = Duration.ofSeconds(60);
    private static final NodeId SELF = new NodeId(0, 1);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
    private final Catalog catalog = new Catalog();
    private final Recorder recorder = new Recorder();
    private HealthChecks checks = start(recorder);

    @TempDir
    private Path folder = Path.of("/");

    /** Remembers what it hears, and on which thread. */
    private static final class Recorder implements HealthListener {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final Set<String> threads = java.util.concurrent.ConcurrentHashMap.newKeySet();

        @Override
        public void statusChanged(CheckDefinition check, CheckStatus before, CheckResult result) {
            note(check.id() + " " + before.word() + ">" + result.status().word());
        }

        @Override
        public void outputChanged(CheckDefinition check, CheckResult result) {
            note(check.id() + " says " + result.output());
        }

        @Override
        public void deregister(String serviceId, String checkId) {
            note("deregister " + serviceId);
        }

        private void note(String event) {
            threads.add(Thread.currentThread().getName());
            heard.add(event);
        }
    }

    private HealthChecks start(HealthListener listener) {
        return HealthChecks.start(
                HealthSettings.defaults(Path.of("/")),
                new HealthSurroundings(
                        loops, catalog, SELF, SystemClocks.MONOTONIC, SystemClocks.WALL, new SplittableRandom(7)),
                listener);
    }

    @BeforeEach
    void noChecksYet() {
        assertThat(checks.results()).isEmpty();
    }

    @AfterEach
    void close() {
        checks.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private CheckResult result(String id) {
        return Objects.requireNonNull(checks.results().get(id), () -> "no result of " + id);
    }

    private void awaitStatus(String id, CheckStatus status) {
        await().atMost(CAP).until(() -> result(id).status() == status);
    }

    private Channel listen(SocketAddress address) {
        boolean unix = address instanceof DomainSocketAddress;
        return new ServerBootstrap()
                .group(loops)
                .channel(unix ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
                    }
                })
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    @Test
    void a_service_that_goes_down_and_up_is_followed() throws Exception {
        Path mark = Files.createFile(folder.resolve("mark"));
        CheckDefinition check =
                timing(script("s", "test", "-e", mark.toString()), Duration.ofSeconds(1), Duration.ofSeconds(30));
        checks.apply(List.of(check), Map.of());
        assertThat(result("s").status()).as("before the first run").isEqualTo(CRITICAL);
        awaitStatus("s", PASSING);
        Files.delete(mark);
        awaitStatus("s", WARNING); // test(1) exits 1
        Files.createFile(mark);
        awaitStatus("s", PASSING);
        await().atMost(CAP).until(() -> recorder.heard.size() == 3);
        assertThat(recorder.heard).containsExactly("s critical>passing", "s passing>warning", "s warning>passing");
        assertThat(recorder.threads).as("one thread calls the listener").hasSize(1);
    }

    @Test
    void a_ttl_report_is_in_the_results_when_the_call_returns() {
        checks.apply(List.of(ttl("t", Duration.ofHours(1)), script("s", "true")), Map.of());
        assertThat(checks.pass("t", "well")).isEqualTo(new TtlUpdate.Done());
        assertThat(result("t"))
                .extracting(CheckResult::status, CheckResult::output)
                .containsExactly(PASSING, "well");
        assertThat(checks.warn("t", "hm")).isEqualTo(new TtlUpdate.Done());
        assertThat(result("t").status()).isEqualTo(WARNING);
        assertThat(checks.fail("t", "no")).isEqualTo(new TtlUpdate.Done());
        assertThat(result("t").status()).isEqualTo(CRITICAL);
        assertThat(checks.update("t", PASSING, "")).isEqualTo(new TtlUpdate.Done());
        assertThat(checks.pass("s", "")).isEqualTo(new TtlUpdate.NotTtl("s", "script"));
        assertThat(checks.pass("x", "")).isEqualTo(new TtlUpdate.Unknown("x"));
        await().atMost(CAP)
                .until(() -> recorder.heard.containsAll(List.of(
                        "t critical>passing", "t passing>warning", "t warning>critical", "t critical>passing")));
    }

    @Test
    void a_ttl_that_passes_in_silence_is_critical() {
        checks.apply(List.of(ttl("t", Duration.ofMillis(200))), Map.of());
        checks.pass("t", "well");
        awaitStatus("t", CRITICAL);
        assertThat(result("t").output()).isEqualTo("TTL expired (last output before timeout follows): well");
    }

    @Test
    void reports_from_many_threads_are_all_counted_and_end_in_order() throws Exception {
        checks.apply(
                IntStream.range(0, 8)
                        .mapToObj(i -> ttl("t" + i, Duration.ofHours(1)))
                        .toList(),
                Map.of());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String id = "t" + i;
            threads.add(new Thread(() -> {
                for (int j = 0; j < 500; j++) {
                    checks.update(id, j % 2 == 0 ? PASSING : CRITICAL, "report " + j);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        await().atMost(CAP).until(() -> recorder.heard.size() == 8 * 500);
        assertThat(recorder.heard.stream()
                        .filter(event -> event.startsWith("t3 "))
                        .skip(498))
                .containsExactly("t3 critical>passing", "t3 passing>critical");
    }

    @Test
    void an_alias_follows_the_catalogue() {
        checks.apply(List.of(service(Definitions.alias("a", "", "db"), "shop")), Map.of());
        NodeRecord node = new NodeRecord(
                SELF, new NodeName("here"), IpAddress.parse("10.0.0.1"), "dc1", Map.of(), 8443, false, "test");
        catalog.contentChanged(new NodeContent(node, List.of(ServiceInstance.of("db", "db", 1)), List.of()));
        awaitStatus("a", PASSING);
        catalog.contentChanged(new NodeContent(node, List.of(), List.of()));
        awaitStatus("a", CRITICAL);
    }

    @Test
    void a_restart_keeps_what_was_known() {
        CheckDefinition check = timing(script("s", "echo", "fine"), Duration.ofHours(1), Duration.ofSeconds(30));
        checks.apply(List.of(check, ttl("t", Duration.ofHours(1))), Map.of());
        checks.warn("t", "so so");
        awaitStatus("s", PASSING);
        Map<String, RestoredStatus> saved = checks.persisted();
        Map<String, CheckResult> before = checks.results();
        checks.close();
        checks = start(recorder);
        checks.apply(List.of(check, ttl("t", Duration.ofHours(1))), saved);
        assertThat(checks.results().keySet()).isEqualTo(before.keySet());
        assertThat(result("t")).isEqualTo(before.get("t"));
        assertThat(result("s").status()).isEqualTo(PASSING);
        assertThat(result("s").output()).isEqualTo("fine\n");
    }

    @Test
    void a_refused_set_changes_nothing() {
        checks.apply(List.of(ttl("t", Duration.ofHours(1))), Map.of());
        assertThatThrownBy(() -> checks.apply(List.of(script("s", "true"), script("s", "false")), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'s'");
        assertThat(checks.results()).containsOnlyKeys("t");
    }

    @Test
    void a_listener_that_fails_does_not_stop_the_checks() {
        checks.close();
        Recorder other = new Recorder();
        checks = start(new HealthListener() {
            @Override
            public void statusChanged(CheckDefinition check, CheckStatus before, CheckResult result) {
                other.statusChanged(check, before, result);
                throw new IllegalStateException("listener at fault, on purpose");
            }

            @Override
            public void outputChanged(CheckDefinition check, CheckResult result) {
                other.outputChanged(check, result);
            }

            @Override
            public void deregister(String serviceId, String checkId) {
                other.deregister(serviceId, checkId);
            }
        });
        checks.apply(List.of(ttl("t", Duration.ofHours(1))), Map.of());
        checks.pass("t", "");
        checks.fail("t", "");
        await().atMost(CAP).until(() -> other.heard.size() == 2);
    }

    @Test
    void closing_twice_is_closing_once_and_nothing_runs_after() throws Exception {
        Path counter = folder.resolve("runs");
        checks.apply(
                List.of(timing(
                        script("s", "/bin/sh", "-c", "echo run >> " + counter),
                        Duration.ofMillis(50),
                        Duration.ofSeconds(30))),
                Map.of());
        await().atMost(CAP).until(() -> Files.exists(counter) && Files.size(counter) > 8);
        checks.close();
        checks.close();
        long runs = Files.size(counter);
        loops.next().schedule(() -> {}, 300, TimeUnit.MILLISECONDS).syncUninterruptibly();
        assertThat(Files.size(counter)).isEqualTo(runs);
        assertThat(checks.results()).as("the last known is still there").containsOnlyKeys("s");
        checks.apply(List.of(), Map.of());
        assertThat(checks.results()).containsOnlyKeys("s");
    }

    @Test
    void a_thousand_checks_cost_few_threads_and_all_run() {
        Channel tcp = listen(new InetSocketAddress("127.0.0.1", 0));
        Path socket = folder.resolve("s");
        Channel unix = listen(new DomainSocketAddress(socket.toFile()));
        int port = ((InetSocketAddress) tcp.localAddress()).getPort();
        List<CheckDefinition> thousand = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            CheckKind kind = i % 20 == 0
                    ? new CheckKind.Script(List.of("true"), Map.of(), "", "")
                    : i % 2 == 0 ? new CheckKind.Tcp("localhost", port) : new CheckKind.Unix(socket.toString());
            thousand.add(timing(Definitions.of("c" + i, kind), Duration.ofSeconds(10), Duration.ofSeconds(30)));
        }
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Set<Thread> seen = new HashSet<>();
        checks.apply(thousand, Map.of());
        await().atMost(CAP).pollInterval(Duration.ofMillis(20)).until(() -> {
            seen.addAll(Thread.getAllStackTraces().keySet());
            return checks.results().values().stream().allMatch(result -> result.status() == PASSING);
        });
        seen.removeAll(before);
        // One loop of two not started yet, 8 for scripts, 4 for names, the JDK's process reapers (one a process).
        assertThat(seen).as("threads for 1,000 checks").hasSizeLessThanOrEqualTo(2 + 8 + 4 + 10);
        assertThat(checks.results()).hasSize(1_000);
        tcp.close().syncUninterruptibly();
        unix.close().syncUninterruptibly();
    }
}
