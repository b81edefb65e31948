package io.culvert.identity.disk;

import io.culvert.identity.TrustDomain;
import io.culvert.identity.authority.AuthorityState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** The certificate authority of a server in one file: trust domain as a comment, root, key. */
public final class AuthorityFiles {
    private static final String TRUST_DOMAIN = "# trust domain: ";

    private final Path file;

    public AuthorityFiles(Path directory) {
        this.file = directory.resolve("ca.pem");
    }

    public Path file() {
        return file;
    }

    /** Empty when there is none; a damaged file is an error, since nothing can take its place. */
    public Optional<AuthorityState> read() throws IOException {
        Optional<byte[]> content = SecretFiles.read(file);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        String text = new String(content.get(), StandardCharsets.UTF_8);
        try {
            List<X509Certificate> roots = Pem.certificates(text);
            if (roots.size() != 1) {
                throw new IOException(roots.size() + " certificates (expected: one, the root)");
            }
            return Optional.of(new AuthorityState(trustDomain(text), roots.get(0), Pem.privateKey(text)));
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    file + ": the certificate authority cannot be read (" + e.getMessage()
                            + "); restore the file from a backup; nothing was changed",
                    e);
        }
    }

    public void write(AuthorityState state) throws IOException {
        String text =
                TRUST_DOMAIN + state.trustDomain() + "\n" + Pem.print(List.of(state.root())) + Pem.print(state.key());
        SecretFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static TrustDomain trustDomain(String text) throws IOException {
        return text.lines()
                .filter(line -> line.startsWith(TRUST_DOMAIN))
                .map(line ->
                        new TrustDomain(line.substring(TRUST_DOMAIN.length()).strip()))
                .findFirst()
                .orElseThrow(() -> new IOException("no line '" + TRUST_DOMAIN + "...'"));
    }
}
