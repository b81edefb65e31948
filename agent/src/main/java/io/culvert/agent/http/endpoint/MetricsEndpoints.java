package io.culvert.agent.http.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Router;
import io.culvert.catalog.clock.WallClock;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Metrics, as Prometheus reads them and as Consul's clients do. */
final class MetricsEndpoints {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss '+0000 UTC'").withZone(ZoneOffset.UTC);

    private final PrometheusRegistry registry;
    private final WallClock clock;

    MetricsEndpoints(PrometheusRegistry registry, WallClock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    void add(Router.Builder routes) {
        routes.get("/v1/agent/metrics", this::metrics).get("/metrics", request -> prometheus());
    }

    private Reply metrics(ApiRequest request) {
        String accept = request.header("accept").orElse("");
        boolean asText = request.query("format").orElse("").equals("prometheus")
                || accept.startsWith("text/plain")
                || accept.startsWith("application/openmetrics-text");
        return asText ? prometheus() : Answer.json(this::json);
    }

    private Answer prometheus() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
        try {
            writer.write(bytes, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return Answer.bytes(200, writer.getContentType(), bytes.toByteArray());
    }

    private void json(JsonGenerator json) throws IOException {
        MetricSnapshots all = registry.scrape();
        json.writeStartObject();
        json.writeStringField("Timestamp", TIMESTAMP.format(clock.now()));
        json.writeArrayFieldStart("Gauges");
        for (MetricSnapshot metric : all) {
            gauges(json, metric);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("Points");
        json.writeEndArray();
        json.writeArrayFieldStart("Counters");
        for (MetricSnapshot metric : all) {
            counters(json, metric);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("Samples");
        for (MetricSnapshot metric : all) {
            samples(json, metric);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void gauges(JsonGenerator json, MetricSnapshot metric) throws IOException {
        if (metric instanceof GaugeSnapshot gauge) {
            for (GaugeSnapshot.GaugeDataPointSnapshot point : gauge.getDataPoints()) {
                json.writeStartObject();
                json.writeStringField("Name", metric.getMetadata().getPrometheusName());
                number(json, "Value", point.getValue());
                labels(json, point.getLabels());
                json.writeEndObject();
            }
        }
    }

    private static void counters(JsonGenerator json, MetricSnapshot metric) throws IOException {
        if (metric instanceof CounterSnapshot counter) {
            for (CounterSnapshot.CounterDataPointSnapshot point : counter.getDataPoints()) {
                aggregate(json, metric, point.getLabels(), (long) point.getValue(), point.getValue());
            }
        }
    }

    private static void samples(JsonGenerator json, MetricSnapshot metric) throws IOException {
        if (metric instanceof HistogramSnapshot histogram) {
            for (HistogramSnapshot.HistogramDataPointSnapshot point : histogram.getDataPoints()) {
                aggregate(json, metric, point.getLabels(), point.getCount(), point.getSum());
            }
        } else if (metric instanceof SummarySnapshot summary) {
            for (SummarySnapshot.SummaryDataPointSnapshot point : summary.getDataPoints()) {
                aggregate(json, metric, point.getLabels(), point.getCount(), point.getSum());
            }
        }
    }

    /** Since the start of the agent, not of an interval: what was not measured is 0. */
    private static void aggregate(JsonGenerator json, MetricSnapshot metric, Labels labels, long count, double sum)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("Name", metric.getMetadata().getPrometheusName());
        json.writeNumberField("Count", count);
        json.writeNumberField("Rate", 0);
        number(json, "Sum", sum);
        json.writeNumberField("Min", 0);
        json.writeNumberField("Max", 0);
        number(json, "Mean", count == 0 ? 0 : sum / count);
        json.writeNumberField("Stddev", 0);
        labels(json, labels);
        json.writeEndObject();
    }

    /** JSON has no word for what is not a number. */
    private static void number(JsonGenerator json, String name, double value) throws IOException {
        json.writeNumberField(name, Double.isFinite(value) ? value : 0);
    }

    private static void labels(JsonGenerator json, Labels labels) throws IOException {
        json.writeObjectFieldStart("Labels");
        for (int i = 0; i < labels.size(); i++) {
            json.writeStringField(labels.getName(i), labels.getValue(i));
        }
        json.writeEndObject();
    }
}
