package io.culvert.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.agent.pool.PoolWatch;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.core.GossipLoad;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.replication.QueueLoad;
import io.culvert.gossip.replication.ReplicationLoad;
import io.culvert.gossip.replication.ReplicationNotice;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Refusal;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every number that an operator needs of the pool is there, as Prometheus reads it, and moves with what happens. */
class GossipMetricsTest {
    private static final NodeId MEMBER = new NodeId(7, 7);
    private static final Pattern LINE = Pattern.compile("([a-z_0-9]+(?:\\{[^}]*\\})?) ([-+.0-9eE]+|NaN|\\+Inf)");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PoolWatch watch = new PoolWatch(() -> 0);
    private final GossipMetrics metrics = new GossipMetrics(registry, watch);

    private Map<String, Double> scrape() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Double> series = new TreeMap<>();
        out.toString(StandardCharsets.UTF_8).lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                series.put(matcher.group(1), Double.valueOf(matcher.group(2).replace("+Inf", "Infinity")));
            }
        });
        return series;
    }

    private void assertMoves(String series, double by, Runnable event) {
        double before = scrape().getOrDefault(series, 0.0);
        event.run();
        assertThat(scrape()).as("series").containsKey(series);
        assertThat(scrape().getOrDefault(series, Double.NaN) - before)
                .as(series)
                .isEqualTo(by);
    }

    @Test
    void suspicions_made_received_and_refuted_are_told_apart() {
        assertMoves("culvert_gossip_suspected_total{by=\"us\"}", 1, () -> metrics.suspected(MEMBER, true));
        assertMoves("culvert_gossip_suspected_total{by=\"others\"}", 1, () -> metrics.suspected(MEMBER, false));
        assertMoves("culvert_gossip_refuted_total", 1, () -> metrics.refuted(MEMBER));
        assertMoves(
                "culvert_gossip_member_changes_total{to=\"failed\"}",
                1,
                () -> metrics.memberChanged(
                        new MemberChange(MEMBER, Liveness.SUSPECT, Liveness.FAILED, new Incarnation(1, 1), "")));
    }

    @Test
    void the_own_health_and_the_lag_of_timers_are_there() {
        assertMoves("culvert_gossip_health_score", 5, () -> metrics.healthScore(5));
        assertMoves("culvert_gossip_frozen", 1, () -> metrics.frozen(true));
        assertMoves("culvert_gossip_lag_seconds_count", 1, () -> metrics.lagged(300_000_000));
        assertMoves("culvert_gossip_lag_seconds_bucket{le=\"0.1\"}", 0, () -> metrics.lagged(300_000_000));
        assertMoves("culvert_gossip_failures_total", 1, () -> metrics.failed(new IllegalStateException("a bug")));
    }

    @Test
    void round_trips_have_quantiles() {
        for (int i = 1; i <= 1_000; i++) {
            metrics.probed(MEMBER, i * 100_000L);
        }
        Map<String, Double> series = scrape();
        assertThat(series.get("culvert_gossip_probe_rtt_seconds{quantile=\"0.5\"}"))
                .isBetween(0.048, 0.052);
        assertThat(series.get("culvert_gossip_probe_rtt_seconds{quantile=\"0.99\"}"))
                .isBetween(0.098, 0.1);
        assertThat(series.get("culvert_gossip_probe_seconds_bucket{le=\"0.05\"}"))
                .isEqualTo(500);
    }

    @Test
    void bad_signatures_and_replays_are_counted_by_sender_up_to_a_bound() {
        assertMoves(
                "culvert_gossip_bad_signatures_total{sender=\"" + MEMBER + "\"}",
                1,
                () -> metrics.badSignature(MEMBER));
        assertMoves(
                "culvert_gossip_bad_signatures_total{sender=\"" + MEMBER + "\"}",
                1,
                () -> metrics.contentNoticed(
                        new ReplicationNotice(ReplicationNotice.Kind.BAD_SIGNATURE, new NodeId(8, 8), MEMBER)));
        assertMoves("culvert_gossip_replays_total{address=\"10.0.0.1\"}", 2, () -> {
            metrics.refused(Refusal.REPLAYED, "10.0.0.1:1");
            metrics.refused(Refusal.REPLAYED, "10.0.0.1:2");
        });
        for (int i = 0; i < 1_000; i++) {
            metrics.badSignature(new NodeId(i, 9));
            metrics.refused(Refusal.REPLAYED, "10.2." + i / 250 + "." + i % 250 + ":1");
        }
        long senders = scrape().keySet().stream()
                .filter(key -> key.startsWith("culvert_gossip_bad_signatures_total")
                        || key.startsWith("culvert_gossip_replays_total"))
                .count();
        assertThat(senders).as("series by sender").isLessThanOrEqualTo(2 * 65);
        assertThat(scrape().get("culvert_gossip_replays_total{address=\"other\"}"))
                .isGreaterThan(900);
        assertThat(scrape().get("culvert_gossip_refused_total{reason=\"replayed\"}"))
                .isEqualTo(1_002);
    }

    @Test
    void troubles_bytes_and_comparisons_are_counted() {
        assertMoves("culvert_gossip_troubles_total{kind=\"paused\"}", 1, () -> metrics.paused(1));
        assertMoves("culvert_gossip_troubles_total{kind=\"clone\"}", 1, metrics::cloneSuspected);
        assertMoves("culvert_gossip_troubles_total{kind=\"udp_lost\"}", 1, () -> metrics.datagramsLost(MEMBER));
        assertMoves("culvert_gossip_bytes_total{direction=\"out\"}", 77, () -> metrics.datagramSent(77));
        assertMoves("culvert_gossip_bytes_total{direction=\"in\"}", 78, () -> metrics.datagramReceived(78));
        assertMoves("culvert_gossip_syncs_total{result=\"complete\"}", 1, () -> metrics.compared("a", true, 3));
        assertMoves("culvert_gossip_syncs_total{result=\"broken\"}", 1, () -> metrics.compared("a", false, 0));
        assertMoves(
                "culvert_gossip_content_notices_total{kind=\"clock_skew\"}",
                1,
                () -> metrics.contentNoticed(new ReplicationNotice(ReplicationNotice.Kind.CLOCK_SKEW, MEMBER, MEMBER)));
    }

    @Test
    void queues_and_what_is_behind_are_there() {
        GossipLoad load = new GossipLoad(
                new GossipLoad.Queue(2, 0, 0),
                new ReplicationLoad(new QueueLoad(3, 1_500_000_000L), new QueueLoad(9, 1), 0, 4, 5, 6, 7),
                new Membership.Load(0, 0, 0),
                0,
                0,
                8,
                Map.of());
        assertMoves("culvert_gossip_queue_depth{class=\"bad_news\"}", 3, () -> metrics.load(load));
        Map<String, Double> series = scrape();
        assertThat(series)
                .containsEntry("culvert_gossip_queue_age_seconds{class=\"bad_news\"}", 1.5)
                .containsEntry("culvert_gossip_queue_depth{class=\"other_news\"}", 9.0)
                .containsEntry("culvert_gossip_queue_depth{class=\"members\"}", 2.0)
                .containsEntry("culvert_gossip_heads_behind", 4.0)
                .containsEntry("culvert_gossip_held{what=\"pulls\"}", 5.0)
                .containsEntry("culvert_gossip_held{what=\"streams\"}", 8.0);
        assertMoves("culvert_gossip_sync_difference_sum", 3, () -> metrics.compared("a", true, 3));
    }

    @Test
    void what_a_person_should_know_reaches_the_watch() {
        metrics.frozen(true);
        metrics.datagramsLost(MEMBER);
        metrics.cloneSuspected();
        metrics.healthScore(3);
        metrics.paused(5);
        metrics.refused(Refusal.NOT_AUTHENTIC, "10.0.0.9:1");
        assertThat(watch.state().frozenFor()).isPresent();
        assertThat(watch.state().byStream()).containsExactly(MEMBER);
        assertThat(watch.state().cloned()).isTrue();
        assertThat(watch.state().healthScore()).isEqualTo(3);
        assertThat(watch.state().pause()).isPresent();
        assertThat(watch.state().otherKey()).containsExactly("10.0.0.9");
        metrics.probed(MEMBER, 1);
        assertThat(watch.state().byStream()).isEmpty();
    }

    @Test
    void the_page_on_operations_names_no_metric_that_is_not_there() throws IOException {
        String page = Files.readString(Path.of("../docs/operations.md"));
        String section = page.substring(page.indexOf("## Metrics to watch"), page.indexOf("## When UDP is blocked"));
        TreeSet<String> named = new TreeSet<>();
        section.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            Matcher code = Pattern.compile("`([a-z_]+)[`{]").matcher(line.split("\\|")[1]);
            while (code.find()) {
                named.add("culvert_gossip_" + code.group(1));
            }
        });
        TreeSet<String> there = new TreeSet<>();
        registry.scrape().stream().forEach(snapshot -> {
            there.add(snapshot.getMetadata().getPrometheusName());
            there.add(snapshot.getMetadata().getPrometheusName() + "_total");
        });
        assertThat(named).hasSizeGreaterThan(8);
        assertThat(there).containsAll(named);
    }
}
