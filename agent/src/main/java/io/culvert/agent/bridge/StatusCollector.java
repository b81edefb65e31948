package io.culvert.agent.bridge;

import io.culvert.agent.config.LoadedConfig;
import io.culvert.agent.config.syntax.Problem;
import io.culvert.agent.http.StatusReport;
import io.culvert.catalog.LoopbackTable;
import io.culvert.catalog.ServiceName;
import io.culvert.dns.DnsStatus;
import io.culvert.identity.CertificateSource;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.proxy.CloseReason;
import io.culvert.proxy.ListenerStatus;
import io.culvert.proxy.ProxyStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How the agent is: asks every room at the moment somebody wants to know. */
public final class StatusCollector implements StatusReport {
    private final Instant started;
    private final Sources sources;

    /**
     * Where the parts come from; each call is quick.
     *
     * @param own listeners of the agent itself
     * @param services that should have a certificate
     * @param settings in force, secrets hidden
     */
    public record Sources(
            Supplier<List<String>> notReady,
            Supplier<List<Listener>> own,
            Supplier<List<DnsStatus.Socket>> dns,
            Supplier<ProxyStatus> proxy,
            Supplier<LoadedConfig> config,
            CertificateSource certificates,
            Supplier<List<ServiceName>> services,
            Supplier<LoopbackTable> loopback,
            Map<String, String> settings) {}

    public StatusCollector(Instant started, Sources sources) {
        this.started = started;
        this.sources = sources;
    }

    @Override
    public AgentStatus status() {
        ProxyStatus proxy = sources.proxy().get();
        return new AgentStatus(
                started,
                sources.notReady().get(),
                listeners(proxy),
                sources.config().get().problems().stream()
                        .map(StatusCollector::problem)
                        .toList(),
                certificates(),
                counts(proxy),
                sources.settings());
    }

    @Override
    public LoopbackTable loopback() {
        return sources.loopback().get();
    }

    private List<Listener> listeners(ProxyStatus proxy) {
        List<Listener> listeners = new ArrayList<>(sources.own().get());
        for (DnsStatus.Socket socket : sources.dns().get()) {
            String address = socket.address().getAddress().getHostAddress() + ":"
                    + socket.address().getPort();
            listeners.add(
                    socket.listening()
                            ? Listener.listening("dns", address)
                            : Listener.failed(
                                    "dns",
                                    address,
                                    socket.problem(),
                                    "free the port, or allow it (CAP_NET_BIND_SERVICE); it is tried again"));
        }
        for (ListenerStatus listener : proxy.listeners()) {
            String name = listener.destination().text();
            listeners.add(
                    listener.state() == ListenerStatus.State.LISTENING
                            ? Listener.listening(name, listener.bind())
                            : Listener.failed(name, listener.bind(), listener.reason(), listener.remedy()));
        }
        return listeners;
    }

    private static FileProblem problem(Problem problem) {
        return new FileProblem(problem.position().toString(), problem.isError(), problem.message());
    }

    private List<Certificate> certificates() {
        List<Certificate> certificates = new ArrayList<>();
        certificates.add(certificate(sources.certificates().agent()));
        for (ServiceName service : sources.services().get()) {
            WorkloadCertificate own = sources.certificates().current(service);
            if (own != null) {
                certificates.add(certificate(own));
            }
        }
        return certificates;
    }

    private static Certificate certificate(WorkloadCertificate own) {
        return new Certificate(
                own.id().uri(),
                own.chain().get(0).getNotBefore().toInstant(),
                own.chain().get(0).getNotAfter().toInstant());
    }

    private static Map<String, Long> counts(ProxyStatus proxy) {
        Map<String, Long> counts = new TreeMap<>();
        counts.put("streams_live", (long) proxy.liveStreamCount());
        counts.put("tunnels_idle", (long) proxy.tunnels().idle());
        counts.put("tunnels_active", (long) proxy.tunnels().active());
        for (Map.Entry<CloseReason, Long> closed : proxy.closed().entrySet()) {
            if (closed.getValue() > 0) {
                counts.put("streams_ended_" + closed.getKey().word(), closed.getValue());
            }
        }
        proxy.strangers().forEach((reason, count) -> {
            if (count > 0) {
                counts.put("strangers_" + reason.word(), count);
            }
        });
        return counts;
    }
}
