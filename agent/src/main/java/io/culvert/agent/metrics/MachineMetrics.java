package io.culvert.agent.metrics;

import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of the Java machine, from the first scrape on: they bring in some 300 classes of the management interface (2 MB,
 * 50 ms), which an agent that nobody scrapes need not pay for.
 */
public final class MachineMetrics implements MultiCollector {
    private @Nullable PrometheusRegistry machine; // under the lock of this

    @Override
    public synchronized MetricSnapshots collect() {
        if (machine == null) {
            machine = new PrometheusRegistry();
            JvmMetrics.builder().register(machine);
        }
        return machine.scrape();
    }
}
