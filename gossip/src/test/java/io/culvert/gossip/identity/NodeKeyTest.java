package io.culvert.gossip.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.testbed.kit.Property;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeKeyTest {
    private static final PoolLabel LABEL = new PoolLabel("prod");
    private static final byte[] MESSAGE = "state".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    private final NodeKey key = NodeKey.generate(new SecureRandom());

    @Test
    void the_id_is_the_first_half_of_the_hash_of_the_public_key() throws Exception {
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(key.publicKey().bytes());

        assertThat(key.id().bytes()).isEqualTo(Arrays.copyOf(hash, 16));
    }

    @Test
    void a_public_key_is_the_raw_form_of_rfc_8032() throws Exception {
        // RFC 8032 section 7.1, TEST 2; the message is the one byte 72.
        PublicKeyBytes raw = PublicKeyBytes.of(
                HexFormat.of().parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
        byte[] signature = HexFormat.of()
                .parseHex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

        assertThat(raw.isSignatureOf(new byte[] {0x72}, signature)).isTrue();
        assertThat(raw.isSignatureOf(new byte[] {0x73}, signature)).isFalse();
    }

    @Test
    void a_signature_counts_where_the_jdk_says_that_it_does() {
        Property.forSeeds(50, random -> {
            byte[] message = Property.bytes(random, random.nextInt(200));
            byte[] signature = key.sign(SignatureDomain.HEAD, LABEL, message);
            if (random.nextBoolean()) {
                signature[random.nextInt(signature.length)] ^= (byte) (1 << random.nextInt(8));
            }

            assertThat(key.publicKey().verifies(SignatureDomain.HEAD, LABEL, message, signature))
                    .isEqualTo(verifiedByTheJdk(
                            PublicKeyBytes.toBeSigned(SignatureDomain.HEAD, LABEL, message), signature));
        });
    }

    private boolean verifiedByTheJdk(byte[] signed, byte[] signature) {
        try {
            byte[] head = HexFormat.of().parseHex("302a300506032b6570032100");
            byte[] encoded = Arrays.copyOf(head, head.length + PublicKeyBytes.BYTES);
            System.arraycopy(key.publicKey().bytes(), 0, encoded, head.length, PublicKeyBytes.BYTES);
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (SignatureException notEvenOne) {
            return false;
        } catch (GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }

    @Test
    void the_second_form_of_a_signature_is_refused() {
        // RFC 8032 section 5.1.7: S must be below the order of the group, or anybody could make another valid
        // signature.
        byte[] signature = key.sign(SignatureDomain.HEAD, LABEL, MESSAGE);
        BigInteger order = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
        byte[] scalar = new byte[32];
        for (int i = 0; i < 32; i++) {
            scalar[i] = signature[63 - i];
        }
        byte[] larger = new BigInteger(1, scalar).add(order).toByteArray();
        byte[] second = signature.clone();
        for (int i = 0; i < 32; i++) {
            second[32 + i] = i < larger.length ? larger[larger.length - 1 - i] : 0;
        }

        assertThat(key.publicKey().verifies(SignatureDomain.HEAD, LABEL, MESSAGE, second))
                .isFalse();
    }

    @Test
    void a_signature_counts_only_for_its_message_domain_pool_and_key() {
        byte[] signature = key.sign(SignatureDomain.HEAD, LABEL, MESSAGE);

        PublicKeyBytes signer = key.publicKey();
        assertThat(signer.verifies(SignatureDomain.HEAD, LABEL, MESSAGE, signature))
                .isTrue();
        assertThat(signer.verifies(SignatureDomain.LEFT, LABEL, MESSAGE, signature))
                .isFalse();
        assertThat(signer.verifies(SignatureDomain.HEAD, new PoolLabel("test"), MESSAGE, signature))
                .isFalse();
        assertThat(signer.verifies(SignatureDomain.HEAD, LABEL, new byte[5], signature))
                .isFalse();
        assertThat(NodeKey.generate(new SecureRandom())
                        .publicKey()
                        .verifies(SignatureDomain.HEAD, LABEL, MESSAGE, signature))
                .isFalse();
    }

    @Test
    void bytes_cannot_move_between_the_label_and_the_message() {
        byte[] signature = key.sign(SignatureDomain.HEAD, new PoolLabel("ab"), "c".getBytes(StandardCharsets.US_ASCII));

        assertThat(key.publicKey()
                        .verifies(
                                SignatureDomain.HEAD,
                                new PoolLabel("a"),
                                "bc".getBytes(StandardCharsets.US_ASCII),
                                signature))
                .isFalse();
    }

    @Test
    void any_bytes_as_key_and_signature_are_just_not_verified() {
        Property.forSeeds(200, random -> {
            PublicKeyBytes noise = PublicKeyBytes.of(Property.bytes(random, 32));
            byte[] signature = Property.bytes(random, random.nextInt(130));

            assertThat(noise.verifies(SignatureDomain.ALIVE, LABEL, MESSAGE, signature))
                    .isFalse();
        });
    }

    @Test
    void a_key_that_was_made_is_the_same_after_a_restart_and_private() throws Exception {
        Path file = directory.resolve("deep/node.key");

        NodeKey made = NodeKeyFile.loadOrCreate(file, new SecureRandom());
        NodeKey loaded = NodeKeyFile.loadOrCreate(file, new SecureRandom());

        assertThat(loaded.id()).isEqualTo(made.id());
        assertThat(made.publicKey()
                        .verifies(
                                SignatureDomain.LEFT,
                                LABEL,
                                MESSAGE,
                                loaded.sign(SignatureDomain.LEFT, LABEL, MESSAGE)))
                .isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_key_that_others_may_read_is_refused_with_the_remedy() throws Exception {
        Path file = directory.resolve("node.key");
        NodeKeyFile.save(file, key);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> NodeKeyFile.load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rw-r-----")
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void a_damaged_key_is_a_clear_error_and_is_not_replaced() throws Exception {
        Path file = directory.resolve("node.key");
        NodeKeyFile.save(file, key);
        byte[] intact = Files.readAllBytes(file);

        Property.forSeeds(300, random -> {
            byte[] damaged = intact.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> NodeKeyFile.decode(damaged)).isInstanceOf(GeneralSecurityException.class);
            assertThatThrownBy(() -> NodeKeyFile.decode(Arrays.copyOf(intact, random.nextInt(intact.length))))
                    .isInstanceOf(GeneralSecurityException.class);
        });

        Files.write(file, Arrays.copyOf(intact, 40));
        assertThatThrownBy(() -> NodeKeyFile.loadOrCreate(file, new SecureRandom()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("node key " + file + " is damaged")
                .hasMessageContaining("backup");
        assertThat(Files.readAllBytes(file)).hasSize(40);
    }

    @Test
    void a_private_key_beside_the_public_key_of_another_is_refused() {
        NodeKey other = NodeKey.generate(new SecureRandom());

        assertThatThrownBy(() -> NodeKey.of(key.secret(), other.publicKey()))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("do not belong together");
    }

    @Test
    void neither_the_key_nor_its_text_shows_the_secret() {
        assertThat(key.toString()).isEqualTo("NodeKey[" + key.id() + ", ****]");
    }
}
