package io.culvert.agent.metrics;

import io.culvert.dns.DnsListener;
import io.culvert.dns.core.Transport;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Questions by what became of them. Children are looked up once: this is called for every question. */
public final class DnsMetrics implements DnsListener {
    private static final int RCODES = 16;

    private final CounterDataPoint[][] answered = new CounterDataPoint[Transport.values().length][RCODES];
    private final Counter dropped;
    private final Counter forwarded;

    public DnsMetrics(PrometheusRegistry registry) {
        Counter answers = Counter.builder()
                .name("culvert_dns_answers_total")
                .help("Questions answered, by transport and response code.")
                .labelNames("transport", "rcode")
                .register(registry);
        for (Transport transport : Transport.values()) {
            for (int rcode = 0; rcode < RCODES; rcode++) {
                answered[transport.ordinal()][rcode] =
                        answers.labelValues(transport.name().toLowerCase(Locale.ROOT), Integer.toString(rcode));
            }
        }
        dropped = Counter.builder()
                .name("culvert_dns_dropped_total")
                .help("Questions without an answer, and connections ended, by reason.")
                .labelNames("reason")
                .register(registry);
        forwarded = Counter.builder()
                .name("culvert_dns_forwarded_total")
                .help("Questions about other zones, by result.")
                .labelNames("result")
                .register(registry);
    }

    @Override
    public void answered(Transport transport, int rcode) {
        answered[transport.ordinal()][rcode & 15].inc();
    }

    @Override
    public void dropped(DropReason reason) {
        dropped.labelValues(reason.name().toLowerCase(Locale.ROOT)).inc();
    }

    @Override
    public void forwarded(ForwardResult result) {
        forwarded.labelValues(result.name().toLowerCase(Locale.ROOT)).inc();
    }
}
