package io.culvert.identity.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.identity.SpiffeId;
import io.culvert.identity.TestPki;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.testbed.kit.Property;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFilesTest {
    private final TestPki pki = new TestPki("ours.culvert");

    @TempDir
    private Path directory;

    @Test
    void a_certificate_survives_on_disk_and_only_its_owner_can_read_it() throws IOException {
        CertificateFiles files = new CertificateFiles(directory.resolve("certificates"));
        WorkloadCertificate written = pki.certificate(pki.service("web"));
        files.write(written);
        WorkloadCertificate read = files.read(pki.service("web")).orElseThrow();
        assertThat(read.chain()).isEqualTo(written.chain());
        assertThat(read.key()).isEqualTo(written.key());
        assertThat(read.generation()).isEqualTo(written.generation());
        Path file = files.file(written.id());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("certificates"))))
                .isEqualTo("rwx------");
        assertThat(Files.list(directory.resolve("certificates"))).containsExactly(file);
    }

    @Test
    void what_is_not_there_is_empty_and_what_is_deleted_is_not_there() throws IOException {
        CertificateFiles files = new CertificateFiles(directory);
        SpiffeId web = pki.service("web");
        assertThat(files.read(web)).isEmpty();
        files.write(pki.certificate(web));
        files.delete(web);
        assertThat(files.read(web)).isEmpty();
        files.delete(web);
    }

    @Test
    void a_key_that_does_not_fit_its_certificate_is_noticed() throws IOException {
        CertificateFiles files = new CertificateFiles(directory);
        WorkloadCertificate web = pki.certificate(pki.service("web"));
        files.write(new WorkloadCertificate(web.id(), web.chain(), pki.keys().getPrivate(), 1));
        assertThatThrownBy(() -> files.read(web.id())).hasMessageContaining("key is not that of its certificate");
        Path aside = files.setAside(web.id());
        assertThat(aside).exists();
        assertThat(files.read(web.id())).isEmpty();
    }

    @Test
    void a_damaged_file_is_an_error_with_its_name_never_another_certificate() throws IOException {
        CertificateFiles files = new CertificateFiles(directory);
        WorkloadCertificate web = pki.certificate(pki.service("web"));
        files.write(web);
        Path file = files.file(web.id());
        byte[] good = Files.readAllBytes(file);
        Property.forSeeds(300, random -> {
            byte[] bytes = good.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
            try {
                Files.write(file, bytes);
                WorkloadCertificate read = files.read(web.id()).orElseThrow();
                assertThat(read.leaf().getPublicKey()).isEqualTo(web.leaf().getPublicKey());
            } catch (IOException damaged) {
                assertThat(damaged.getMessage()).contains(file.toString());
            }
        });
    }

    @Test
    void an_authority_survives_on_disk_and_still_signs() throws Exception {
        AuthorityFiles files = new AuthorityFiles(directory);
        assertThat(files.read()).isEmpty();
        files.write(pki.state);
        assertThat(files.read().orElseThrow()).isEqualTo(pki.state);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.file())))
                .isEqualTo("rw-------");
    }

    @Test
    void a_damaged_authority_is_an_error_that_says_what_to_do() throws IOException {
        AuthorityFiles files = new AuthorityFiles(directory);
        files.write(pki.state);
        String text = Files.readString(files.file());
        for (String damaged : List.of("", text.substring(0, text.length() / 2), text.replace("# trust domain", "#"))) {
            Files.writeString(files.file(), damaged, StandardCharsets.UTF_8);
            assertThatThrownBy(files::read)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ca.pem")
                    .hasMessageContaining("backup");
        }
    }

    @Test
    void a_file_is_replaced_as_a_whole() throws IOException {
        Path file = directory.resolve("secret");
        SecretFiles.write(file, new byte[] {1});
        Files.write(directory.resolve("secret.new"), new byte[] {9});
        SecretFiles.write(file, new byte[] {2, 3});
        assertThat(SecretFiles.read(file)).hasValue(new byte[] {2, 3});
        assertThat(Files.list(directory)).containsExactly(file);
    }
}
