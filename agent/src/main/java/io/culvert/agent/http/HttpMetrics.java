package io.culvert.agent.http;

import io.culvert.agent.http.server.ServerListener;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** What the API's sockets report, as metrics. Label sets are bounded: methods, codes and reasons only. */
final class HttpMetrics implements ServerListener {
    private final Gauge connections;
    private final Counter requests;
    private final Counter refusals;

    HttpMetrics(PrometheusRegistry registry) {
        connections = Gauge.builder()
                .name("culvert_http_connections")
                .help("Connections of the HTTP API.")
                .register(registry);
        requests = Counter.builder()
                .name("culvert_http_requests_total")
                .help("Requests answered by the HTTP API.")
                .labelNames("method", "code")
                .register(registry);
        refusals = Counter.builder()
                .name("culvert_http_refused_total")
                .help("Connections and requests that the HTTP API did not take.")
                .labelNames("reason")
                .register(registry);
    }

    @Override
    public void opened() {
        connections.inc();
    }

    @Override
    public void closed() {
        connections.dec();
    }

    @Override
    public void answered(String method, int status) {
        String known = switch (method) {
            case "GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS" -> method;
            default -> "other";
        };
        requests.labelValues(known, Integer.toString(status)).inc();
    }

    @Override
    public void refused(Refusal reason) {
        refusals.labelValues(reason.name().toLowerCase(Locale.ROOT)).inc();
    }
}
