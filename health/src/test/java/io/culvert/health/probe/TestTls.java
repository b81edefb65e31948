package io.culvert.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A self-signed certificate for {@code health.test} and 127.0.0.1, made by the JDK's keytool. */
final class TestTls {
    private static final char[] PASSWORD = "password".toCharArray();

    private final String certificate;
    final KeyManagerFactory keys;

    private TestTls(String certificate, KeyManagerFactory keys) {
        this.certificate = certificate;
        this.keys = keys;
    }

    static TestTls make(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        Path store = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=health.test",
                        "-ext",
                        "san=dns:health.test,ip:127.0.0.1",
                        "-validity",
                        "2")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue())
                .as(Files.readString(folder.resolve("keytool.log")))
                .isZero();
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keyStore.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(keyStore, PASSWORD);
        String encoded = Base64.getMimeEncoder()
                .encodeToString(keyStore.getCertificate("server").getEncoded());
        return new TestTls("-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n", keys);
    }

    /** The certificate as a file, for those who are to trust it. */
    String authorityIn(Path folder) throws IOException {
        return Files.writeString(folder.resolve("authority.pem"), certificate).toString();
    }

    SSLContext serverContext() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
