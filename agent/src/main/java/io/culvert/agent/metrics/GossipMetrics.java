package io.culvert.agent.metrics;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.GossipListener;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.replication.ReplicationNotice;
import io.culvert.gossip.wire.Refusal;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the pool does, in numbers, and its rare events in the log. */
public final class GossipMetrics implements GossipListener {
    private static final Logger log = LoggerFactory.getLogger(GossipMetrics.class);
    private static final double NANOS = 1e9;

    private final Counter refused;
    private final Counter changes;
    private final Counter suspected;
    private final Counter refuted;
    private final Counter badSignatures;
    private final Counter datagrams;
    private final Counter bytes;
    private final Counter syncs;
    private final Counter notices;
    private final Counter failures;
    private final Gauge healthScore;
    private final Gauge frozen;
    private final Histogram roundTrip;
    private final Histogram lag;

    public GossipMetrics(PrometheusRegistry registry) {
        refused = counter(registry, "culvert_gossip_refused_total", "Packets and stream messages not taken.", "reason");
        changes = counter(registry, "culvert_gossip_member_changes_total", "Changes of members' liveness.", "to");
        suspected = counter(registry, "culvert_gossip_suspected_total", "Members suspected, by who began.", "by");
        refuted = counter(registry, "culvert_gossip_refuted_total", "Accusations against this agent that it refuted.");
        badSignatures = counter(registry, "culvert_gossip_bad_signatures_total", "Signatures that were wrong.");
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
    }

    @Override
    public void memberChanged(MemberChange change) {
        changes.labelValues(change.after().name().toLowerCase(Locale.ROOT)).inc();
    }

    @Override
    public void contentNoticed(ReplicationNotice notice) {
        notices.labelValues(notice.getClass().getSimpleName()).inc();
    }

    @Override
    public void failed(Throwable cause) {
        failures.inc();
        log.atError().setCause(cause).log("gossip failed at something that cannot fail, and went on");
    }

    @Override
    public void datagramsLost(NodeId member) {
        log.atWarn()
                .addKeyValue("member", member)
                .log("a member answers over TCP but not over UDP: is UDP to its gossip port open?");
    }

    @Override
    public void paused(long nanos) {
        log.atWarn()
                .addKeyValue("ms", nanos / 1_000_000)
                .log("this process did not run for a while; nobody is accused for it");
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
        badSignatures.inc();
    }

    @Override
    public void cloneSuspected() {
        log.atError()
                .log(
                        "another process speaks with this agent's key: was its data directory copied? remove node.key from the copy");
    }

    @Override
    public void frozen(boolean isFrozen) {
        frozen.set(isFrozen ? 1 : 0);
        log.atWarn()
                .addKeyValue("frozen", isFrozen)
                .log(
                        isFrozen
                                ? "many members died at once: taken as our own cut, nothing is removed"
                                : "members answer again");
    }

    @Override
    public void healthScore(int score) {
        healthScore.set(score);
    }

    @Override
    public void probed(NodeId member, long roundTripNanos) {
        roundTrip.observe(roundTripNanos / NANOS);
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
    public void compared(String address, boolean complete) {
        syncs.labelValues(complete ? "complete" : "broken").inc();
    }
}
