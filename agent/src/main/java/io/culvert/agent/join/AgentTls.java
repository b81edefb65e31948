package io.culvert.agent.join;

import io.culvert.agent.rpc.RpcTls;
import io.culvert.identity.CertificateSource;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.Subscription;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.proxy.tls.RotatingContext;
import io.culvert.proxy.tls.ServerNames;
import io.culvert.proxy.tls.TlsContexts;
import io.culvert.proxy.tls.TlsProtocol;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS contexts of requests between agents, which follow the agent's certificate and the bundle. Swapped on the
 * thread of the certificate source; used from any.
 */
public final class AgentTls implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentTls.class);

    private final CertificateSource certificates;
    private final TlsContexts contexts;
    private final RotatingContext answering;
    private final RotatingContext admitting;
    private final RotatingContext asking;
    private final RotatingContext askingAsStranger;
    private final List<Runnable> onSwap = new CopyOnWriteArrayList<>();
    private final Subscription subscription;

    public AgentTls(CertificateSource certificates, TlsContexts contexts) throws SSLException {
        this.certificates = certificates;
        this.contexts = contexts;
        WorkloadCertificate own = certificates.agent();
        TrustBundle bundle = certificates.bundle();
        this.answering = new RotatingContext(contexts.mutualServer(own, bundle, TlsProtocol.REQUESTS));
        this.admitting = new RotatingContext(contexts.joinServer(own, bundle, TlsProtocol.REQUESTS));
        this.asking = new RotatingContext(contexts.mutualClient(own, bundle, TlsProtocol.REQUESTS));
        this.askingAsStranger = new RotatingContext(contexts.pinnedClient(bundle.fingerprint(), TlsProtocol.REQUESTS));
        this.subscription = certificates.subscribe(new CertificateSource.Listener() {
            @Override
            public void certificateChanged(SpiffeId id) {
                if (id.equals(certificates.agent().id())) {
                    swap();
                }
            }

            @Override
            public void bundleChanged() {
                swap();
            }
        });
    }

    /** Server side of {@link ServerNames#AGENT}: both sides show certificates. */
    public RotatingContext answering() {
        return answering;
    }

    /** Server side of {@link ServerNames#JOIN}: only this side does. */
    public RotatingContext admitting() {
        return admitting;
    }

    /** Client side of {@link ServerNames#AGENT}. */
    public RpcTls asking() {
        return allocator -> asking.newHandler(allocator, ServerNames.serverName(ServerNames.AGENT), 1);
    }

    /** Client side of {@link ServerNames#JOIN}, for a host whose certificate expired. */
    public RpcTls askingAsStranger() {
        return allocator -> askingAsStranger.newHandler(allocator, ServerNames.serverName(ServerNames.JOIN), 1);
    }

    /** Runs {@code action} after each swap, such as {@code RpcClient::retireConnections}. */
    public void onSwap(Runnable action) {
        onSwap.add(action);
    }

    private void swap() {
        WorkloadCertificate own = certificates.agent();
        TrustBundle bundle = certificates.bundle();
        try {
            answering.swap(contexts.mutualServer(own, bundle, TlsProtocol.REQUESTS));
            admitting.swap(contexts.joinServer(own, bundle, TlsProtocol.REQUESTS));
            asking.swap(contexts.mutualClient(own, bundle, TlsProtocol.REQUESTS));
            askingAsStranger.swap(contexts.pinnedClient(bundle.fingerprint(), TlsProtocol.REQUESTS));
        } catch (SSLException e) {
            // The certificate was verified before it was taken: what is left is a fault of the machine.
            log.atError().addKeyValue("id", own.id()).setCause(e).log("TLS context cannot be made");
        }
        onSwap.forEach(Runnable::run);
    }

    @Override
    public void close() {
        subscription.close();
        answering.close();
        admitting.close();
        asking.close();
        askingAsStranger.close();
    }
}
