package io.culvert.identity;

import io.culvert.catalog.NodeName;
import io.culvert.catalog.ServiceName;
import io.culvert.identity.authority.AuthoritySettings;
import io.culvert.identity.authority.AuthorityState;
import io.culvert.identity.authority.CertificateAuthority;
import io.culvert.identity.authority.CertificateRefused;
import io.culvert.identity.authority.KeyPairs;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** A real authority with real keys; each instance is a mesh of its own. */
public final class TestPki {
    public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    public final TrustDomain domain;
    public final AuthorityState state;
    public final CertificateAuthority authority;
    private final SecureRandom random = new SecureRandom();

    public TestPki(String domain) {
        this.domain = new TrustDomain(domain);
        this.state = CertificateAuthority.create(this.domain, random, NOW);
        this.authority = new CertificateAuthority(state, AuthoritySettings.DEFAULT, random);
    }

    public TrustBundle bundle() {
        return authority.bundle();
    }

    public ServiceIdentity service(String name) {
        return new ServiceIdentity(domain, "dc1", new ServiceName(name));
    }

    public AgentIdentity agent(String name) {
        return new AgentIdentity(domain, "dc1", new NodeName(name));
    }

    public KeyPair keys() {
        return KeyPairs.generate(random);
    }

    public List<X509Certificate> chain(SpiffeId id) {
        return certificate(id).chain();
    }

    public WorkloadCertificate certificate(SpiffeId id) {
        KeyPair keys = keys();
        try {
            return new WorkloadCertificate(id, authority.sign(id, keys.getPublic(), NOW), keys.getPrivate(), 1);
        } catch (CertificateRefused e) {
            throw new AssertionError(e);
        }
    }
}
