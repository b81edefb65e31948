package io.culvert.agent.metrics;

import io.culvert.proxy.CloseReason;
import io.culvert.proxy.ProxyStatus;
import io.culvert.proxy.StreamEnd;
import io.culvert.proxy.StreamListener;
import io.culvert.proxy.StreamRecord;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Streams by how they ended, and bytes that move while they are open. The log of ended streams is {@link AccessLog}. */
public final class StreamMetrics implements StreamListener {
    private static final double NANOS = 1e9;

    private final Map<StreamRecord.Direction, Map<CloseReason, CounterDataPoint>> closed =
            new EnumMap<>(StreamRecord.Direction.class);
    private final Histogram connect;
    private final Histogram duration;
    private final Counter retries;

    public StreamMetrics(PrometheusRegistry registry) {
        Counter ends = Counter.builder()
                .name("culvert_tcp_connections_closed_total")
                .help("Streams ended, by direction and reason.")
                .labelNames("direction", "end")
                .register(registry);
        for (StreamRecord.Direction direction : StreamRecord.Direction.values()) {
            Map<CloseReason, CounterDataPoint> byReason = new EnumMap<>(CloseReason.class);
            for (CloseReason reason : CloseReason.values()) {
                byReason.put(reason, ends.labelValues(word(direction), reason.word()));
            }
            closed.put(direction, byReason);
        }
        connect = Histogram.builder()
                .name("culvert_tcp_connect_seconds")
                .help("From the caller's accept to the application's.")
                .classicOnly()
                .classicUpperBounds(0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10)
                .register(registry);
        duration = Histogram.builder()
                .name("culvert_tcp_duration_seconds")
                .help("Life of a stream.")
                .classicOnly()
                .classicUpperBounds(0.01, 0.1, 1, 10, 60, 600, 3_600, 86_400)
                .register(registry);
        retries = Counter.builder()
                .name("culvert_connect_retries_total")
                .help("Further instances tried before a stream was open.")
                .register(registry);
    }

    private static String word(StreamRecord.Direction direction) {
        return direction.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void started(StreamRecord stream) {
        // Counted by the proxy's own series, which also moves while a stream is open.
    }

    @Override
    public void ended(StreamRecord stream, StreamEnd end) {
        Map<CloseReason, CounterDataPoint> byReason = closed.get(stream.direction());
        if (byReason != null) {
            CounterDataPoint point = byReason.get(end.reason());
            if (point != null) {
                point.inc();
            }
        }
        connect.observe(end.connecting().toNanos() / NANOS);
        duration.observe(end.duration().toNanos() / NANOS);
        if (end.attempts() > 1) {
            retries.inc(end.attempts() - 1.0);
        }
    }

    /** Series that are read from the proxy when somebody asks. */
    public static void watch(PrometheusRegistry registry, Supplier<ProxyStatus> proxy) {
        traffic(registry, proxy, "culvert_tcp_connections_opened_total", "Streams begun.", ProxyStatus.Traffic::opened);
        traffic(
                registry,
                proxy,
                "culvert_tcp_sent_bytes_total",
                "Bytes from callers to applications.",
                ProxyStatus.Traffic::bytesOut);
        traffic(
                registry,
                proxy,
                "culvert_tcp_received_bytes_total",
                "Bytes from applications to callers.",
                ProxyStatus.Traffic::bytesIn);
        GaugeWithCallback.builder()
                .name("culvert_tcp_connections_active")
                .help("Streams open.")
                .labelNames("direction", "src", "dst")
                .callback(callback -> proxy.get()
                        .traffic()
                        .forEach(series -> callback.call(
                                series.active(), word(series.direction()), series.source(), series.destination())))
                .register(registry);
        CounterWithCallback.builder()
                .name("culvert_strangers_total")
                .help("Turned away at the TLS port, by reason.")
                .labelNames("reason")
                .callback(callback ->
                        proxy.get().strangers().forEach((reason, count) -> callback.call(count, reason.word())))
                .register(registry);
        CounterWithCallback.builder()
                .name("culvert_tunnel_pool_total")
                .help("Connections to other agents asked of the pool.")
                .labelNames("result")
                .callback(callback -> {
                    ProxyStatus.TunnelCounts tunnels = proxy.get().tunnels();
                    callback.call(tunnels.hits(), "hit");
                    callback.call(tunnels.misses(), "miss");
                    callback.call(tunnels.stale(), "stale");
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("culvert_tunnel_connections")
                .help("Connections to other agents.")
                .labelNames("state")
                .callback(callback -> {
                    ProxyStatus.TunnelCounts tunnels = proxy.get().tunnels();
                    callback.call(tunnels.idle(), "idle");
                    callback.call(tunnels.active(), "active");
                })
                .register(registry);
    }

    private interface Value {
        long of(ProxyStatus.Traffic series);
    }

    private static void traffic(
            PrometheusRegistry registry, Supplier<ProxyStatus> proxy, String name, String help, Value value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("direction", "src", "dst")
                .callback(callback -> proxy.get()
                        .traffic()
                        .forEach(series -> callback.call(
                                value.of(series), word(series.direction()), series.source(), series.destination())))
                .register(registry);
    }
}
