package io.culvert.proxy.tunnel;

import io.culvert.identity.CertificateSource;
import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.proxy.tls.RotatingContext;
import io.culvert.proxy.tls.TlsContexts;
import io.culvert.proxy.tls.TlsProtocol;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The client side of TLS for every local caller, always from the newest certificate and bundle. Any thread. */
final class ClientContexts implements AutoCloseable {
    private final CertificateSource certificates;
    private final TlsContexts contexts;
    private final Map<SpiffeId, Entry> bySource = new HashMap<>(); // guarded by this

    /** What a connection made now is made from; part of the key of the pool. */
    record Generation(long certificate, long bundle) {}

    private record Entry(Generation generation, RotatingContext context) {}

    ClientContexts(CertificateSource certificates, TlsContexts contexts) {
        this.certificates = certificates;
        this.contexts = contexts;
    }

    /** The certificate that {@code source} presents now; empty when none was issued to it yet. */
    Optional<WorkloadCertificate> certificate(SpiffeId source) {
        @Nullable
        WorkloadCertificate own = source instanceof ServiceIdentity service
                ? certificates.current(service.service())
                : certificates.agent();
        return Optional.ofNullable(own);
    }

    Generation generation(WorkloadCertificate own) {
        return new Generation(own.generation(), certificates.bundle().generation());
    }

    /** Costs a millisecond when the certificate or the bundle is new, nothing else. */
    synchronized RotatingContext context(WorkloadCertificate own) throws SSLException {
        TrustBundle bundle = certificates.bundle();
        Generation generation = new Generation(own.generation(), bundle.generation());
        Entry known = bySource.get(own.id());
        if (known != null && known.generation().equals(generation)) {
            return known.context();
        }
        var fresh = contexts.mutualClient(own, bundle, TlsProtocol.STREAMS);
        RotatingContext context;
        if (known == null) {
            context = new RotatingContext(fresh);
        } else {
            context = known.context();
            context.swap(fresh);
        }
        bySource.put(own.id(), new Entry(generation, context));
        return context;
    }

    @Override
    public synchronized void close() {
        bySource.values().forEach(entry -> entry.context().close());
        bySource.clear();
    }
}
