package io.culvert.identity.authority;

import io.culvert.identity.SpiffeId;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.TrustDomain;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * Signs certificates for one trust domain. It alone decides what a certificate says; of a request it takes the key. Who
 * may have a certificate for which identity is decided by the caller. May be used from several threads.
 */
public final class CertificateAuthority {
    private static final int NAME_BYTES = 4;

    private final AuthorityState state;
    private final AuthoritySettings settings;
    private final CertificateForge forge;

    public CertificateAuthority(AuthorityState state, AuthoritySettings settings, SecureRandom random) {
        this.state = state;
        this.settings = settings;
        this.forge = new CertificateForge(random);
    }

    /** A new root with a new key, valid for ten years. */
    public static AuthorityState create(TrustDomain trustDomain, SecureRandom random, Instant now) {
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        String subject =
                "pri-" + HexFormat.of().formatHex(name) + ".culvert.ca." + trustDomain.shortForm() + ".culvert";
        KeyPair keys = KeyPairs.generate(random);
        X509Certificate root = new CertificateForge(random)
                .root(keys, subject, trustDomain.uri(), life(now, AuthoritySettings.ROOT_LIFE));
        return new AuthorityState(trustDomain, root, keys.getPrivate());
    }

    public TrustDomain trustDomain() {
        return state.trustDomain();
    }

    public AuthoritySettings settings() {
        return settings;
    }

    public TrustBundle bundle() {
        return new TrustBundle(state.trustDomain(), List.of(state.root()), 1);
    }

    /**
     * A certificate for {@code id} and the key of {@code request}.
     *
     * @param request PKCS #10 in DER; its signature proves that the sender holds the key
     * @return the chain, leaf first, without the root
     */
    public List<X509Certificate> sign(SpiffeId id, byte[] request, Instant now) throws CertificateRefused {
        return sign(id, SigningRequest.parse(request).publicKey(), now);
    }

    /** The same for a key that was made in this process. */
    public List<X509Certificate> sign(SpiffeId id, PublicKey key, Instant now) throws CertificateRefused {
        if (!id.trustDomain().equals(state.trustDomain())) {
            throw new CertificateRefused(id + " is not of " + state.trustDomain() + ", which this authority signs for");
        }
        Instant rootEnd = state.root().getNotAfter().toInstant();
        Life life = life(now, settings.leafLife());
        if (life.notAfter().isAfter(rootEnd)) {
            throw new CertificateRefused("the root expires at " + rootEnd + ", before a new certificate would");
        }
        String subject = id.subject() + "." + state.trustDomain().shortForm() + ".culvert";
        return List.of(forge.leaf(new CertificateForge.Leaf(key, subject, id.uri(), life), state));
    }

    private static Life life(Instant now, Duration length) {
        return new Life(now.minus(AuthoritySettings.BACKDATE), now.plus(length));
    }

    /** From when to when a certificate is valid. */
    record Life(Instant notBefore, Instant notAfter) {}
}
