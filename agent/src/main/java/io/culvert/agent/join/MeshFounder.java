package io.culvert.agent.join;

import io.culvert.catalog.NodeName;
import io.culvert.catalog.clock.WallClock;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.TrustDomain;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.identity.authority.AuthoritySettings;
import io.culvert.identity.authority.AuthorityState;
import io.culvert.identity.authority.CertificateAuthority;
import io.culvert.identity.authority.CertificateRefused;
import io.culvert.identity.authority.KeyPairs;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Makes a mesh: trust domain, certificate authority, gossip key, the first agent's certificate. Blocks. */
public final class MeshFounder {
    private final MeshFiles files;
    private final WallClock clock;
    private final SecureRandom random;

    public MeshFounder(MeshFiles files, WallClock clock, SecureRandom random) {
        this.files = files;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Who founds.
     *
     * @param tlsAddress {@code host:port} where other hosts reach this one's TLS port
     * @param gossipAddress {@code host:port} where they reach its gossip port
     */
    public record Founder(
            NodeName node, String datacenter, String tlsAddress, String gossipAddress, AuthoritySettings authority) {}

    /**
     * Founds a mesh. What an earlier attempt left on disk is taken up again, so that a crash on the way costs nothing; the
     * membership is written last.
     */
    public MeshMembership found(Founder founder) throws IOException {
        Optional<AuthorityState> left = files.authority().read();
        AuthorityState state = left.isPresent() ? left.get() : newAuthority();
        if (files.keyring().isEmpty()) {
            files.write(Keyring.of(PoolKey.generate(random)));
        }
        CertificateAuthority authority = new CertificateAuthority(state, founder.authority(), random);
        AgentIdentity id = new AgentIdentity(state.trustDomain(), founder.datacenter(), founder.node());
        files.write(authority.bundle());
        files.certificates().write(first(authority, id));
        MeshMembership membership = new MeshMembership(
                state.trustDomain(),
                founder.datacenter(),
                founder.node(),
                true,
                List.of(new ServerSeat(founder.tlsAddress(), id)),
                List.of(founder.gossipAddress()));
        files.write(membership);
        return membership;
    }

    /** The authority that was founded here. */
    public CertificateAuthority authority(AuthoritySettings settings) throws IOException {
        AuthorityState state = files.authority()
                .read()
                .orElseThrow(() -> new IOException(
                        files.authority().file() + " is missing: without it this server cannot sign certificates;"
                                + " restore it from a backup"));
        return new CertificateAuthority(state, settings, random);
    }

    private AuthorityState newAuthority() throws IOException {
        AuthorityState state = CertificateAuthority.create(TrustDomain.of(randomUuid()), random, clock.now());
        files.authority().write(state);
        return state;
    }

    private UUID randomUuid() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return UUID.nameUUIDFromBytes(bytes);
    }

    private WorkloadCertificate first(CertificateAuthority authority, AgentIdentity id) {
        KeyPair keys = KeyPairs.generate(random);
        try {
            return new WorkloadCertificate(id, authority.sign(id, keys.getPublic(), clock.now()), keys.getPrivate(), 1);
        } catch (CertificateRefused e) {
            throw new IllegalStateException("a new authority refuses to sign for its own server", e);
        }
    }
}
