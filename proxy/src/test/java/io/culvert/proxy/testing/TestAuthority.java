package io.culvert.proxy.testing;

import io.culvert.catalog.NodeName;
import io.culvert.catalog.ServiceName;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.TrustDomain;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.identity.authority.AuthoritySettings;
import io.culvert.identity.authority.AuthorityState;
import io.culvert.identity.authority.CertificateAuthority;
import io.culvert.identity.authority.CertificateRefused;
import io.culvert.identity.authority.KeyPairs;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A throw-away certificate authority with one root. */
public final class TestAuthority {
    public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final TrustDomain domain;
    private final CertificateAuthority authority;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong generation = new AtomicLong();

    public TestAuthority(String domain) {
        this.domain = new TrustDomain(domain);
        AuthorityState state = CertificateAuthority.create(this.domain, random, NOW.minusSeconds(864_000));
        this.authority = new CertificateAuthority(state, AuthoritySettings.DEFAULT, random);
    }

    public TrustBundle bundle() {
        return authority.bundle();
    }

    public ServiceIdentity service(String name) {
        return new ServiceIdentity(domain, "dc1", new ServiceName(name));
    }

    public AgentIdentity agent(String node) {
        return new AgentIdentity(domain, "dc1", new NodeName(node));
    }

    public WorkloadCertificate issue(SpiffeId id) {
        return issue(id, NOW);
    }

    /** As of {@code when}: valid from a minute before, for three days. */
    public WorkloadCertificate issue(SpiffeId id, Instant when) {
        KeyPair keys = KeyPairs.generate(random);
        try {
            return new WorkloadCertificate(
                    id, authority.sign(id, keys.getPublic(), when), keys.getPrivate(), generation.incrementAndGet());
        } catch (CertificateRefused e) {
            throw new AssertionError(e);
        }
    }
}
