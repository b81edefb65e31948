package io.culvert.testbed.strangers;

import io.culvert.catalog.ServiceName;
import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.TrustDomain;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.identity.authority.AuthoritySettings;
import io.culvert.identity.authority.AuthorityState;
import io.culvert.identity.authority.CertificateAuthority;
import io.culvert.identity.authority.CertificateRefused;
import io.culvert.identity.authority.KeyPairs;
import io.culvert.identity.disk.AuthorityFiles;
import io.culvert.identity.disk.CertificateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a thief carried away from hosts of the mesh, and what he makes of it. The mesh's own authority signs what is out of
 * date or of another trust domain: only so is it that one fault which is refused, and no other.
 */
final class Loot {
    private static final Duration LIFE = Duration.ofMinutes(5);

    private final SecureRandom random = new SecureRandom();
    private final AuthorityState authority;
    private final String datacenter;
    private final Path agentData;

    /**
     * @param serverData data folder of the server, with the authority in it
     * @param agentData data folder of an agent, with its certificates
     */
    Loot(Path serverData, Path agentData, String datacenter) throws IOException {
        Path folder = find(serverData, "ca.pem").getParent();
        this.authority = new AuthorityFiles(folder == null ? serverData : folder)
                .read()
                .orElseThrow(() -> new IOException("no authority under " + serverData));
        this.agentData = agentData;
        this.datacenter = datacenter;
    }

    ServiceIdentity service(String name) {
        return service(authority.trustDomain(), name);
    }

    /** The certificate of a service, as it lies on the agent's disk. */
    WorkloadCertificate stolen(String name) throws IOException {
        ServiceIdentity id = service(name);
        try (Stream<Path> files = Files.walk(agentData)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".pem")).toList()) {
                Path folder = file.getParent();
                if (folder != null
                        && Files.readString(file, StandardCharsets.UTF_8).contains(id.uri() + "\n")) {
                    return new CertificateFiles(folder)
                            .read(id)
                            .orElseThrow(() -> new IOException(file + " is not of " + id));
                }
            }
        }
        throw new IOException("no certificate of " + id + " under " + agentData);
    }

    /** Good in every way. */
    WorkloadCertificate forged(String name) throws IOException {
        return signed(authority, service(name), Instant.now());
    }

    WorkloadCertificate expired(String name) throws IOException {
        return signed(authority, service(name), Instant.now().minus(LIFE).minusSeconds(60));
    }

    /** Good from a quarter of an hour from now: {@link AuthoritySettings} backdates by a minute. */
    WorkloadCertificate early(String name) throws IOException {
        return signed(authority, service(name), Instant.now().plus(LIFE.multipliedBy(3)));
    }

    /** Of an authority that says it is of this trust domain. */
    WorkloadCertificate ofOtherAuthority(String name) throws IOException {
        AuthorityState other = CertificateAuthority.create(authority.trustDomain(), random, Instant.now());
        return signed(other, service(name), Instant.now());
    }

    /** Signed by the mesh's own authority, for a trust domain that is not its own. */
    WorkloadCertificate ofOtherTrustDomain(String name) throws IOException {
        TrustDomain other = new TrustDomain("elsewhere.culvert");
        AuthorityState liar = new AuthorityState(other, authority.root(), authority.key());
        return signed(liar, service(other, name), Instant.now());
    }

    /** Signed with a service's key, as if a leaf were an authority. */
    WorkloadCertificate signedByLeaf(String leaf, String name) throws IOException {
        WorkloadCertificate issuer = stolen(leaf);
        AuthorityState usurper = new AuthorityState(authority.trustDomain(), issuer.leaf(), issuer.key());
        WorkloadCertificate made = signed(usurper, service(name), Instant.now());
        return new WorkloadCertificate(made.id(), List.of(made.leaf(), issuer.leaf()), made.key(), made.generation());
    }

    private ServiceIdentity service(TrustDomain domain, String name) {
        return new ServiceIdentity(domain, datacenter, new ServiceName(name));
    }

    private WorkloadCertificate signed(AuthorityState by, SpiffeId id, Instant at) throws IOException {
        KeyPair keys = KeyPairs.generate(random);
        try {
            CertificateAuthority signer = new CertificateAuthority(by, new AuthoritySettings(LIFE), random);
            return new WorkloadCertificate(id, signer.sign(id, keys.getPublic(), at), keys.getPrivate(), 1);
        } catch (CertificateRefused e) {
            throw new IOException("cannot forge a certificate of " + id, e);
        }
    }

    private static Path find(Path folder, String name) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith(name))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no " + name + " under " + folder));
        }
    }
}
