package io.culvert.identity;

import io.culvert.catalog.ServiceName;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of this host, for those who present and check them. Reading never blocks and may be done from any
 * thread; what is returned may have expired when no server could be reached for long, and says so itself.
 */
public interface CertificateSource {
    /** The newest certificate of a local mesh service; null for as long as none was issued to this host. */
    @Nullable
    WorkloadCertificate current(ServiceName service);

    /** The newest certificate of the agent, which also speaks for local callers that are no declared service. */
    WorkloadCertificate agent();

    /** The roots to check peers against. */
    TrustBundle bundle();

    /** The id that {@code service} has in this mesh: what a peer that claims to be it must present. */
    default ServiceIdentity identity(ServiceName service) {
        SpiffeId agent = agent().id();
        return new ServiceIdentity(agent.trustDomain(), agent.datacenter(), service);
    }

    /**
     * Calls {@code listener} after each change of a certificate or of the bundle, on the source's own thread: it must be
     * quick and must not block.
     */
    Subscription subscribe(Listener listener);

    /** Hears of changes; asks the source for the new state. */
    interface Listener {
        void certificateChanged(SpiffeId id);

        void bundleChanged();
    }
}
