package io.culvert.identity.disk;

import io.culvert.identity.SpiffeId;
import io.culvert.identity.WorkloadCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** One file for each identity of this host: id and generation as comments, chain, key. */
public final class CertificateFiles {
    private static final String ID = "# identity: ";
    private static final String GENERATION = "# generation: ";
    private static final int NAME_BYTES = 8;

    private final Path directory;

    public CertificateFiles(Path directory) {
        this.directory = directory;
    }

    /** Where the certificate of {@code id} lies. The name is a hash, since ids have characters that file names cannot. */
    public Path file(SpiffeId id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.uri().getBytes(StandardCharsets.UTF_8));
            return directory.resolve(HexFormat.of().formatHex(hash, 0, NAME_BYTES) + ".pem");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Empty when there is none; {@link IOException} when it is damaged or not the one of {@code id}. */
    public Optional<WorkloadCertificate> read(SpiffeId id) throws IOException {
        Path file = file(id);
        Optional<byte[]> content = SecretFiles.read(file);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(id, new String(content.get(), StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(file + ": certificate of " + id + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    public void write(WorkloadCertificate certificate) throws IOException {
        String text = ID + certificate.id().uri() + "\n" + GENERATION + certificate.generation() + "\n"
                + Pem.print(certificate.chain()) + Pem.print(certificate.key());
        SecretFiles.write(file(certificate.id()), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a damaged file out of the way; returns where it went. */
    public Path setAside(SpiffeId id) throws IOException {
        return SecretFiles.setAside(file(id));
    }

    /** Forgets the certificate of an identity that this host no longer has. */
    public void delete(SpiffeId id) throws IOException {
        SecretFiles.delete(file(id));
    }

    private static WorkloadCertificate parse(SpiffeId id, String text) throws IOException {
        if (!comment(text, ID).equals(id.uri())) {
            throw new IOException("it is of " + comment(text, ID));
        }
        List<X509Certificate> chain = Pem.certificates(text);
        PrivateKey key = Pem.privateKey(text);
        WorkloadCertificate certificate =
                new WorkloadCertificate(id, chain, key, Long.parseLong(comment(text, GENERATION)));
        if (!belongTogether(certificate.leaf().getPublicKey(), key)) {
            throw new IOException("its key is not that of its certificate");
        }
        return certificate;
    }

    private static boolean belongTogether(PublicKey publicKey, PrivateKey key) throws IOException {
        byte[] probe = "culvert".getBytes(StandardCharsets.UTF_8);
        try {
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(key);
            signer.update(probe);
            byte[] signature = signer.sign();
            signer.initVerify(publicKey);
            signer.update(probe);
            return signer.verify(signature);
        } catch (GeneralSecurityException e) {
            throw new IOException("its key cannot be used: " + e.getMessage(), e);
        }
    }

    private static String comment(String text, String name) throws IOException {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IOException("no line '" + name + "...'"));
    }
}
