package io.culvert.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StrangersTest {
    private static final InetSocketAddress ONE = new InetSocketAddress("192.0.2.1", 50_001);
    private static final InetSocketAddress TWO = new InetSocketAddress("192.0.2.2", 50_001);

    private final AtomicLong now = new AtomicLong();
    private final Strangers strangers = new Strangers(now::get);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Strangers.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void each_refusal_is_counted_and_each_reason_logged_once_for_each_address() {
        for (int i = 0; i < 3; i++) {
            strangers.refused(StrangerReason.NOT_TLS, ONE, "noise");
            strangers.refused(StrangerReason.EXPIRED, ONE, "old");
            strangers.refused(StrangerReason.NOT_TLS, TWO, "noise");
        }

        assertThat(strangers.counts())
                .containsEntry(StrangerReason.NOT_TLS, 6L)
                .containsEntry(StrangerReason.EXPIRED, 3L)
                .containsEntry(StrangerReason.DENIED, 0L);
        assertThat(logged())
                .containsExactly(
                        List.of("192.0.2.1", "not_tls", "noise"),
                        List.of("192.0.2.1", "expired", "old"),
                        List.of("192.0.2.2", "not_tls", "noise"));
    }

    @Test
    void after_a_minute_the_same_is_logged_again() {
        strangers.refused(StrangerReason.NOT_TLS, ONE, "noise");
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        strangers.refused(StrangerReason.NOT_TLS, ONE, "more");

        assertThat(logged())
                .containsExactly(List.of("192.0.2.1", "not_tls", "noise"), List.of("192.0.2.1", "not_tls", "more"));
    }

    @Test
    void what_a_peer_sent_is_cut_and_cannot_forge_a_line() {
        strangers.refused(StrangerReason.UNKNOWN_SERVER_NAME, ONE, "a\nWARN b" + "x".repeat(1_000));

        assertThat(logged().get(0).get(2)).startsWith("a?WARN b").hasSize(300);
    }

    private List<List<String>> logged() {
        return log.list.stream()
                .map(event -> event.getKeyValuePairs().stream()
                        .map(pair -> String.valueOf(pair.value))
                        .toList())
                .toList();
    }
}
