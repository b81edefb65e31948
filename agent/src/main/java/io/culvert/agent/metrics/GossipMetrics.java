package io.culvert.agent.metrics;

import io.culvert.agent.pool.PoolWatch;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.GossipListener;
import io.culvert.gossip.core.GossipLoad;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.replication.ReplicationNotice;
import io.culvert.gossip.wire.Refusal;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** What the pool does, in numbers. What a person should know of it at once goes on to the {@link PoolWatch}. */
public class GossipMetrics implements GossipListener {
    private static final double NANOS = 1e9;
    /** Senders that have a label of their own; anybody can invent more. */
    private static final int MOST_SENDERS = 64;

    private final PoolWatch watch;
    private final BoundedLabels senders = new BoundedLabels(MOST_SENDERS);

    private final Counter refused;
    private final Counter changes;
    private final Counter suspected;
    private final Counter refuted;
    private final Counter badSignatures;
    private final Counter replays;
    private final Counter troubles;
    private final Summary quantiles;
    private final Counter datagrams;
    private final Counter bytes;
    private final Counter syncs;
    private final Counter notices;
    private final Counter failures;
    private final Gauge healthScore;
    private final Gauge frozen;
    private final Histogram roundTrip;
    private final Histogram lag;
    private final GossipLoadMetrics load;

    /** @param watch hears what it wants to hear */
    public GossipMetrics(PrometheusRegistry registry, PoolWatch watch) {
        this.watch = watch;
        load = new GossipLoadMetrics(registry);
        refused = counter(registry, "culvert_gossip_refused_total", "Packets and stream messages not taken.", "reason");
        changes = counter(registry, "culvert_gossip_member_changes_total", "Changes of members' liveness.", "to");
        suspected = counter(registry, "culvert_gossip_suspected_total", "Members suspected, by who began.", "by");
        refuted = counter(registry, "culvert_gossip_refuted_total", "Accusations against this agent that it refuted.");
        badSignatures = counter(
                registry,
                "culvert_gossip_bad_signatures_total",
                "Words with a wrong signature, by who handed them on; beyond 64 of them: other.",
                "sender");
        replays = counter(
                registry,
                "culvert_gossip_replays_total",
                "Packets that were heard before, by address; beyond 64 of them: other.",
                "address");
        troubles = counter(
                registry,
                "culvert_gossip_troubles_total",
                "What should not happen: paused, late, clone, udp_lost, table_full, relay_full, implausible.",
                "kind");
        datagrams = counter(registry, "culvert_gossip_datagrams_total", "Datagrams.", "direction");
        bytes = counter(registry, "culvert_gossip_bytes_total", "Bytes in datagrams.", "direction");
        syncs = counter(registry, "culvert_gossip_syncs_total", "Anti-entropy sessions.", "result");
        notices = counter(
                registry, "culvert_gossip_content_notices_total", "Events of replicated content, by kind.", "kind");
        failures = counter(registry, "culvert_gossip_failures_total", "Faults of the gossip loop, which went on.");
        healthScore = Gauge.builder()
                .name("culvert_gossip_health_score")
                .help("Lifeguard's score of this agent: 0 is well.")
                .register(registry);
        frozen = Gauge.builder()
                .name("culvert_gossip_frozen")
                .help("1 while so many died at once that removals wait.")
                .register(registry);
        roundTrip = Histogram.builder()
                .name("culvert_gossip_probe_seconds")
                .help("Round trip of direct probes.")
                .classicOnly()
                .classicUpperBounds(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
                .register(registry);
        quantiles = Summary.builder()
                .name("culvert_gossip_probe_rtt_seconds")
                .help("Round trip of direct probes of the last five minutes, by quantile.")
                .quantile(0.5, 0.02)
                .quantile(0.9, 0.01)
                .quantile(0.99, 0.001)
                .register(registry);
        lag = Histogram.builder()
                .name("culvert_gossip_lag_seconds")
                .help("How late the gossip loop ran.")
                .classicOnly()
                .classicUpperBounds(0.005, 0.02, 0.1, 0.5, 1, 5)
                .register(registry);
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    @Override
    public void refused(Refusal refusal, String from) {
        refused.labelValues(refusal.name().toLowerCase(Locale.ROOT)).inc();
        if (refusal == Refusal.REPLAYED) {
            replays.labelValues(senders.of(from.substring(0, Math.max(0, from.lastIndexOf(':')))))
                    .inc();
        }
        watch.refused(refusal, from);
    }

    @Override
    public void memberChanged(MemberChange change) {
        changes.labelValues(change.after().name().toLowerCase(Locale.ROOT)).inc();
        watch.memberChanged(change);
    }

    @Override
    public void contentNoticed(ReplicationNotice notice) {
        notices.labelValues(notice.kind().name().toLowerCase(Locale.ROOT)).inc();
        if (notice.kind() == ReplicationNotice.Kind.BAD_SIGNATURE) {
            badSignature(notice.sender());
        }
        watch.contentNoticed(notice);
    }

    @Override
    public void failed(Throwable cause) {
        failures.inc();
    }

    @Override
    public void datagramsLost(NodeId member) {
        troubles.labelValues("udp_lost").inc();
        watch.datagramsLost(member);
    }

    @Override
    public void paused(long nanos) {
        troubles.labelValues("paused").inc();
        watch.paused(nanos);
    }

    @Override
    public void late(long nanos) {
        troubles.labelValues("late").inc();
    }

    @Override
    public void tableFull(NodeId newcomer, NodeId sender) {
        troubles.labelValues("table_full").inc();
    }

    @Override
    public void relayFull(NodeId asker) {
        troubles.labelValues("relay_full").inc();
    }

    @Override
    public void implausible(NodeId member) {
        troubles.labelValues("implausible").inc();
    }

    @Override
    public void load(GossipLoad now) {
        load.show(now);
    }

    @Override
    public void suspected(NodeId member, boolean byUs) {
        suspected.labelValues(byUs ? "us" : "others").inc();
    }

    @Override
    public void refuted(NodeId accuser) {
        refuted.inc();
    }

    @Override
    public void badSignature(NodeId sender) {
        badSignatures.labelValues(senders.of(sender.toString())).inc();
    }

    @Override
    public void cloneSuspected() {
        troubles.labelValues("clone").inc();
        watch.cloneSuspected();
    }

    @Override
    public void frozen(boolean isFrozen) {
        frozen.set(isFrozen ? 1 : 0);
        watch.frozen(isFrozen);
    }

    @Override
    public void healthScore(int score) {
        healthScore.set(score);
        watch.healthScore(score);
    }

    @Override
    public void probed(NodeId member, long roundTripNanos) {
        roundTrip.observe(roundTripNanos / NANOS);
        quantiles.observe(roundTripNanos / NANOS);
        watch.probed(member, roundTripNanos);
    }

    @Override
    public void datagramSent(int size) {
        datagrams.labelValues("out").inc();
        bytes.labelValues("out").inc(size);
    }

    @Override
    public void datagramReceived(int size) {
        datagrams.labelValues("in").inc();
        bytes.labelValues("in").inc(size);
    }

    @Override
    public void lagged(long nanos) {
        lag.observe(nanos / NANOS);
    }

    @Override
    public void compared(String address, boolean complete, int differing) {
        syncs.labelValues(complete ? "complete" : "broken").inc();
        load.differed(differing);
    }
}
