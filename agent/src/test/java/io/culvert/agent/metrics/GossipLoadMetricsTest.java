package io.culvert.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.core.GossipLoad;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.replication.QueueLoad;
import io.culvert.gossip.replication.ReplicationLoad;
import io.culvert.gossip.wire.FrameType;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GossipLoadMetricsTest {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final GossipLoadMetrics metrics = new GossipLoadMetrics(registry);

    private List<String> lines() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, registry.scrape());
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static GossipLoad load(long sent, long received) {
        return new GossipLoad(
                new GossipLoad.Queue(3, 1_500_000_000L, 7),
                new ReplicationLoad(new QueueLoad(0, 0), new QueueLoad(0, 0), 0, 0, 0, 0, 0),
                new Membership.Load(5, 2, 1),
                30_000_000,
                44,
                6,
                Map.of(FrameType.PING, new GossipLoad.Bytes(sent, received)));
    }

    @Test
    void what_the_pool_has_to_do_is_shown_by_class() throws IOException {
        metrics.show(load(51, 102));
        assertThat(lines())
                .contains(
                        "culvert_gossip_queue_depth{class=\"members\"} 3.0",
                        "culvert_gossip_queue_age_seconds{class=\"members\"} 1.5",
                        "culvert_gossip_dropped{what=\"members\"} 7.0",
                        "culvert_gossip_dropped{what=\"claims\"} 2.0",
                        "culvert_gossip_held{what=\"claims\"} 5.0",
                        "culvert_gossip_held{what=\"timers\"} 44.0",
                        "culvert_gossip_longest_lag_seconds 0.03");
    }

    @Test
    void bytes_by_type_are_counted_from_totals() throws IOException {
        metrics.show(load(51, 0));
        metrics.show(load(153, 102));
        assertThat(lines())
                .contains(
                        "culvert_gossip_frame_bytes_total{direction=\"out\",type=\"ping\"} 153.0",
                        "culvert_gossip_frame_bytes_total{direction=\"in\",type=\"ping\"} 102.0");
    }
}
