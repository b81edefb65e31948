package io.culvert.agent.metrics;

import io.culvert.gossip.core.GossipLoad;
import io.culvert.gossip.replication.QueueLoad;
import io.culvert.gossip.wire.FrameType;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What the pool has to do at the moment, and what it has said and heard, by type of frame. */
final class GossipLoadMetrics {
    private static final double NANOS = 1e9;
    private static final GossipLoad.Bytes NONE = new GossipLoad.Bytes(0, 0);

    private final Map<FrameType, GossipLoad.Bytes> counted = new EnumMap<>(FrameType.class);
    private final Counter frameBytes;
    private final Gauge queueDepth;
    private final Gauge queueAge;
    private final Gauge dropped;
    private final Gauge held;
    private final Gauge longestLag;
    private final Gauge headsBehind;
    private final Histogram difference;

    GossipLoadMetrics(PrometheusRegistry registry) {
        frameBytes = Counter.builder()
                .name("culvert_gossip_frame_bytes_total")
                .help("Bytes by type of frame, without envelopes.")
                .labelNames("type", "direction")
                .register(registry);
        queueDepth = gauge(registry, "culvert_gossip_queue_depth", "Rumours that are still being told.", "class");
        queueAge = gauge(registry, "culvert_gossip_queue_age_seconds", "Age of the oldest of them.", "class");
        dropped = gauge(registry, "culvert_gossip_dropped", "Dropped over a bound since the start.", "what");
        held = gauge(registry, "culvert_gossip_held", "What is held at this moment.", "what");
        longestLag = gauge(registry, "culvert_gossip_longest_lag_seconds", "Latest timer of the last second.");
        headsBehind = gauge(
                registry, "culvert_gossip_heads_behind", "Owners known to have said more than what is held here.");
        difference = Histogram.builder()
                .name("culvert_gossip_sync_difference")
                .help("Owners of whom the peer of an anti-entropy session held a newer state.")
                .classicOnly()
                .classicUpperBounds(0, 1, 10, 100, 1_000, 10_000)
                .register(registry);
    }

    private static Gauge gauge(PrometheusRegistry registry, String name, String help, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    void show(GossipLoad load) {
        queue("members", load.memberRumours().depth(), load.memberRumours().oldestNanos());
        queue("bad_news", load.content().badNews());
        queue("other_news", load.content().otherNews());
        dropped.labelValues("members").set(load.memberRumours().dropped());
        dropped.labelValues("content").set(load.content().dropped());
        dropped.labelValues("claims").set(load.membership().claimsDropped());
        held.labelValues("claims").set(load.membership().claims());
        held.labelValues("errands").set(load.membership().errands());
        held.labelValues("pulls").set(load.content().pulls());
        held.labelValues("verifications").set(load.content().verifications());
        held.labelValues("strangers").set(load.content().strangers());
        headsBehind.set(load.content().headsBehind());
        held.labelValues("timers").set(load.timers());
        held.labelValues("streams").set(load.streams());
        longestLag.set(load.longestLagNanos() / NANOS);
        load.bytes().forEach(this::frames);
    }

    /** A comparison found so many owners of whom the peer knew more. */
    void differed(int owners) {
        difference.observe(owners);
    }

    private void queue(String name, QueueLoad queue) {
        queue(name, queue.depth(), queue.oldestNanos());
    }

    private void queue(String name, int depth, long oldestNanos) {
        queueDepth.labelValues(name).set(depth);
        queueAge.labelValues(name).set(oldestNanos / NANOS);
    }

    private void frames(FrameType type, GossipLoad.Bytes now) {
        GossipLoad.Bytes before = counted.getOrDefault(type, NONE);
        counted.put(type, now);
        String name = type.name().toLowerCase(Locale.ROOT);
        frameBytes.labelValues(name, "out").inc(now.sent() - before.sent());
        frameBytes.labelValues(name, "in").inc(now.received() - before.received());
    }
}
