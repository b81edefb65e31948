package io.culvert.agent.join;

import io.culvert.catalog.ServiceName;
import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.CertificateSource;
import io.culvert.identity.LeafRotation;
import io.culvert.identity.PeerExpectation;
import io.culvert.identity.PeerVerdict;
import io.culvert.identity.PeerVerifier;
import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.Subscription;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.identity.authority.KeyPairs;
import io.culvert.identity.authority.SigningRequest;
import io.culvert.identity.disk.CertificateFiles;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of this host: the agent's, and one for each local mesh service. Keys are made here and never leave; a
 * certificate is on disk before it is used. Renews in time, goes on with what it has while no server answers. All changes
 * happen on the {@code worker}, one at a time; reading is for any thread and never blocks.
 */
public final class CertificateManager implements CertificateSource, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CertificateManager.class);

    /** Requests under way at once: a host with a thousand services does not flood the server when it starts. */
    private static final int MOST_UNDER_WAY = 8;

    private final CertificateFiles certificateFiles;
    private final MeshFiles files;
    private final MeshMembership membership;
    private final Surroundings surroundings;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<SpiffeId, Leaf> leaves = new LinkedHashMap<>(); // on the worker
    private final Map<SpiffeId, WorkloadCertificate> published = new ConcurrentHashMap<>(); // written on the worker
    private volatile WorkloadCertificate agent; // written on the worker
    private volatile TrustBundle bundle; // written on the worker
    private volatile List<CertificateStatus> status = List.of(); // written on the worker
    private @Nullable CertificateSigner signer; // on the worker
    private @Nullable ScheduledFuture<?> nextLook; // on the worker
    private int underWay; // on the worker
    private volatile boolean closed;

    /** @param worker one thread; may block for the disk */
    public record Surroundings(ScheduledExecutorService worker, WallClock clock, SecureRandom random) {}

    /** One identity of this host. */
    private static final class Leaf {
        private final SpiffeId id;
        private LeafRotation rotation;
        private boolean asked;
        private Optional<String> lastError = Optional.empty();

        Leaf(SpiffeId id, LeafRotation rotation) {
            this.id = id;
            this.rotation = rotation;
        }
    }

    private CertificateManager(
            MeshFiles files,
            MeshMembership membership,
            WorkloadCertificate agent,
            TrustBundle bundle,
            Surroundings surroundings) {
        this.files = files;
        this.certificateFiles = files.certificates();
        this.membership = membership;
        this.agent = agent;
        this.bundle = bundle;
        this.surroundings = surroundings;
        this.leaves.put(agent.id(), new Leaf(agent.id(), rotation(agent)));
    }

    /** With the agent's certificate and the bundle from disk. Blocks. */
    public static CertificateManager open(MeshFiles files, MeshMembership membership, Surroundings surroundings)
            throws IOException {
        WorkloadCertificate agent = files.certificates()
                .read(membership.agent())
                .orElseThrow(() -> new IOException(files.certificates().file(membership.agent())
                        + " is missing: this host lost its certificate; move the data directory away and join again"));
        TrustBundle bundle = files.bundle(membership.trustDomain())
                .orElseThrow(() -> new IOException("the trust bundle (bundle.pem) is missing; join again"));
        return new CertificateManager(files, membership, agent, bundle, surroundings);
    }

    /** Begins to renew, and to fetch what is missing. */
    public void start(CertificateSigner with) {
        onWorker(() -> {
            signer = with;
            look();
        });
    }

    /** These are the local mesh services now. Certificates of others are forgotten, on disk too. */
    public void serve(Collection<ServiceName> services) {
        Set<SpiffeId> wanted = new HashSet<>();
        services.forEach(service -> wanted.add(identity(service)));
        onWorker(() -> {
            forgetOthers(wanted);
            wanted.stream().filter(id -> !leaves.containsKey(id)).forEach(this::load);
            look();
        });
    }

    @Override
    public @Nullable WorkloadCertificate current(ServiceName service) {
        return published.get(identity(service));
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
    public ServiceIdentity identity(ServiceName service) {
        return new ServiceIdentity(membership.trustDomain(), membership.datacenter(), service);
    }

    @Override
    public Subscription subscribe(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** How each certificate stands, the agent's first. Any thread. */
    public List<CertificateStatus> status() {
        return status;
    }

    /** Stops renewing; what is published stays. */
    @Override
    public void close() {
        closed = true;
    }

    private void forgetOthers(Set<SpiffeId> wanted) {
        List<SpiffeId> others = leaves.keySet().stream()
                .filter(id -> !id.equals(agent.id()) && !wanted.contains(id))
                .toList();
        for (SpiffeId id : others) {
            leaves.remove(id);
            published.remove(id);
            try {
                certificateFiles.delete(id);
            } catch (IOException e) {
                log.atWarn().addKeyValue("id", id).setCause(e).log("old certificate cannot be removed");
            }
            tell(listener -> listener.certificateChanged(id));
        }
    }

    private void load(SpiffeId id) {
        Optional<WorkloadCertificate> kept = read(id);
        Instant now = surroundings.clock().now();
        leaves.put(id, new Leaf(id, kept.map(this::rotation).orElseGet(() -> LeafRotation.missing(now))));
        if (kept.isPresent()) {
            publish(kept.get());
        }
    }

    /** A damaged or foreign certificate is set aside: a new one takes its place. */
    private Optional<WorkloadCertificate> read(SpiffeId id) {
        try {
            Optional<WorkloadCertificate> kept = certificateFiles.read(id);
            return kept.filter(certificate -> !(judge(certificate, bundle) instanceof PeerVerdict.Rejected));
        } catch (IOException damaged) {
            log.atWarn().addKeyValue("id", id).setCause(damaged).log("certificate on disk is damaged");
            try {
                certificateFiles.setAside(id);
            } catch (IOException e) {
                log.atWarn().addKeyValue("id", id).setCause(e).log("damaged certificate cannot be set aside");
            }
            return Optional.empty();
        }
    }

    private PeerVerdict judge(WorkloadCertificate certificate, TrustBundle roots) {
        PeerExpectation expected = new PeerExpectation(Optional.of(certificate.id()), PeerExpectation.Role.SERVER);
        return new PeerVerifier(roots)
                .verify(certificate.chain(), expected, surroundings.clock().now());
    }

    private LeafRotation rotation(WorkloadCertificate certificate) {
        return LeafRotation.of(certificate.notBefore(), certificate.notAfter(), surroundings.random());
    }

    /** Asks for what is due, and looks again when the next becomes due. */
    private void look() {
        CertificateSigner by = signer;
        if (by == null || closed) {
            return;
        }
        Instant now = surroundings.clock().now();
        Duration again = Duration.ofHours(1);
        for (Leaf leaf : leaves.values()) {
            if (leaf.asked) {
                continue;
            }
            LeafRotation.Look look = leaf.rotation.look(now);
            if (look.renew() && underWay < MOST_UNDER_WAY) {
                ask(leaf, by);
            } else if (look.again().compareTo(again) < 0) {
                again = look.again();
            }
        }
        publishStatus();
        schedule(again);
    }

    private void schedule(Duration after) {
        ScheduledFuture<?> pending = nextLook;
        if (pending != null) {
            pending.cancel(false);
        }
        try {
            nextLook = surroundings.worker().schedule(this::look, Math.max(1, after.toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopping) {
            log.atDebug().log("certificates are not renewed any longer: the agent stops");
        }
    }

    private void ask(Leaf leaf, CertificateSigner by) {
        KeyPair keys = KeyPairs.generate(surroundings.random());
        leaf.asked = true;
        underWay++;
        by.sign(leaf.id, SigningRequest.create(keys))
                .whenComplete((signed, failure) -> onWorker(() -> {
                    underWay--;
                    leaf.asked = false;
                    Optional<String> error =
                            failure == null ? take(leaf, keys, signed) : Optional.of(sentence(failure));
                    error.ifPresent(reason -> failed(leaf, reason));
                    look();
                }));
    }

    /** Returns why the certificate is no good. */
    private Optional<String> take(Leaf leaf, KeyPair keys, SignedCertificate signed) {
        if (!Objects.equals(leaves.get(leaf.id), leaf)) {
            return Optional.empty(); // the service went away meanwhile
        }
        try {
            TrustBundle roots = bundle.roots().equals(signed.roots())
                    ? bundle
                    : new TrustBundle(membership.trustDomain(), signed.roots(), bundle.generation() + 1);
            long generation = Optional.ofNullable(currentOf(leaf.id))
                            .map(WorkloadCertificate::generation)
                            .orElse(0L)
                    + 1;
            WorkloadCertificate certificate =
                    new WorkloadCertificate(leaf.id, signed.chain(), keys.getPrivate(), generation);
            if (judge(certificate, roots) instanceof PeerVerdict.Rejected rejected) {
                return Optional.of(rejected.sentence());
            }
            if (!certificate.leaf().getPublicKey().equals(keys.getPublic())) {
                return Optional.of("the certificate is for another key");
            }
            adopt(roots);
            certificateFiles.write(certificate);
            leaf.rotation = rotation(certificate);
            leaf.lastError = Optional.empty();
            publish(certificate);
            if (leaf.id.equals(agent.id())) {
                hurryFailed();
            }
            log.atInfo()
                    .addKeyValue("id", leaf.id)
                    .addKeyValue("notAfter", certificate.notAfter())
                    .addKeyValue("renewAt", leaf.rotation.renewAt())
                    .log("certificate obtained");
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void adopt(TrustBundle roots) throws IOException {
        if (roots.generation() != bundle.generation()) {
            files.write(roots);
            bundle = roots;
            tell(Listener::bundleChanged);
        }
    }

    /** With a new certificate of the agent the servers listen again: what failed meanwhile need not wait. */
    private void hurryFailed() {
        Instant now = surroundings.clock().now();
        leaves.values().stream()
                .filter(leaf -> leaf.rotation.failures() > 0)
                .forEach(leaf -> leaf.rotation = leaf.rotation.dueAt(now));
    }

    private void failed(Leaf leaf, String reason) {
        leaf.rotation = leaf.rotation.failed(surroundings.clock().now(), surroundings.random());
        leaf.lastError = Optional.of(reason);
        log.atWarn()
                .addKeyValue("id", leaf.id)
                .addKeyValue("reason", reason)
                .addKeyValue("failures", leaf.rotation.failures())
                .addKeyValue("again", leaf.rotation.renewAt())
                .log("certificate not obtained");
    }

    private void publish(WorkloadCertificate certificate) {
        if (certificate.id().equals(agent.id())) {
            agent = certificate;
        } else {
            published.put(certificate.id(), certificate);
        }
        tell(listener -> listener.certificateChanged(certificate.id()));
    }

    private @Nullable WorkloadCertificate currentOf(SpiffeId id) {
        return id.equals(agent.id()) ? agent : published.get(id);
    }

    private void publishStatus() {
        status = leaves.values().stream()
                .map(leaf -> new CertificateStatus(
                        leaf.id,
                        Optional.ofNullable(currentOf(leaf.id)).map(WorkloadCertificate::notAfter),
                        leaf.rotation.renewAt(),
                        leaf.rotation.failures(),
                        leaf.lastError))
                .toList();
    }

    private void tell(java.util.function.Consumer<Listener> news) {
        for (Listener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("listener to certificates failed");
            }
        }
    }

    private static String sentence(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
    }

    private void onWorker(Runnable change) {
        try {
            surroundings.worker().execute(change);
        } catch (RejectedExecutionException stopping) {
            log.atDebug().log("change of certificates dropped: the agent stops");
        }
    }
}
