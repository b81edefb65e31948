package io.culvert.proxy.testing;

import io.culvert.catalog.ServiceName;
import io.culvert.identity.CertificateSource;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.Subscription;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.WorkloadCertificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Certificates of one host that a test changes. */
public final class MutableCertificates implements CertificateSource {
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<ServiceName, WorkloadCertificate> services = new ConcurrentHashMap<>();
    private final WorkloadCertificate agent;
    private volatile TrustBundle bundle;

    public MutableCertificates(WorkloadCertificate agent, TrustBundle bundle) {
        this.agent = agent;
        this.bundle = bundle;
    }

    public void put(String service, WorkloadCertificate certificate) {
        services.put(new ServiceName(service), certificate);
        SpiffeId id = certificate.id();
        listeners.forEach(listener -> listener.certificateChanged(id));
    }

    public void trust(TrustBundle changed) {
        bundle = changed;
        listeners.forEach(Listener::bundleChanged);
    }

    @Override
    public @Nullable WorkloadCertificate current(ServiceName service) {
        return services.get(service);
    }

    @Override
    public WorkloadCertificate agent() {
        return agent;
    }

    @Override
    public TrustBundle bundle() {
        return bundle;
    }

    @Override
    public Subscription subscribe(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
