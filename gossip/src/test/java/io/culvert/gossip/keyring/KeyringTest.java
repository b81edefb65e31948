package io.culvert.gossip.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.testbed.kit.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyringTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PoolKey first = PoolKey.generate(RANDOM);
    private final PoolKey second = PoolKey.generate(RANDOM);

    @TempDir
    Path directory;

    @Test
    void a_rotation_passes_through_install_use_and_remove() throws Exception {
        Keyring start = Keyring.of(first);

        Keyring installed = start.install(second);
        Keyring used = installed.use(second.id());
        Keyring removed = used.remove(first.id());

        assertThat(installed.list()).containsExactly(first, second);
        assertThat(used.primary()).isEqualTo(second);
        assertThat(used.find(first.id())).isEqualTo(first);
        assertThat(removed).isEqualTo(Keyring.of(second));
        assertThat(removed.find(first.id())).isNull();
        assertThat(start.list()).containsExactly(first);
    }

    @Test
    void a_key_installed_twice_is_there_once() throws Exception {
        assertThat(Keyring.of(first).install(second).install(second).list()).hasSize(2);
    }

    @Test
    void the_primary_and_unknown_keys_cannot_be_removed_and_the_message_says_what_to_do() {
        Keyring ring = Keyring.of(first);

        assertThatThrownBy(() -> ring.remove(first.id()))
                .isInstanceOf(KeyringRefused.class)
                .hasMessageContaining("culvert keyring use");
        assertThatThrownBy(() -> ring.remove(second.id()))
                .isInstanceOf(KeyringRefused.class)
                .hasMessageContaining("installed: " + first.idText());
        assertThatThrownBy(() -> ring.use(second.id())).isInstanceOf(KeyringRefused.class);
    }

    @Test
    void the_number_of_keys_is_bounded() throws Exception {
        Keyring ring = Keyring.of(first);
        for (int i = 1; i < Keyring.MAXIMUM_KEYS; i++) {
            ring = ring.install(PoolKey.generate(RANDOM));
        }

        Keyring full = ring;
        assertThatThrownBy(() -> full.install(second))
                .isInstanceOf(KeyringRefused.class)
                .hasMessageContaining("nothing was changed");
    }

    @Test
    void a_key_reads_what_it_reveals_and_never_prints_itself() {
        assertThat(PoolKey.parse(first.reveal())).isEqualTo(first);
        assertThat(first.toString())
                .contains("****")
                .doesNotContain(first.reveal().substring(0, 6));
        assertThat(Keyring.of(first).toString()).doesNotContain(first.reveal().substring(0, 6));
        assertThatThrownBy(() -> PoolKey.parse("not a key")).hasMessageNotContaining("not a k");
        assertThatThrownBy(() -> PoolKey.parse("AAAA")).hasMessageContaining("3 bytes");
    }

    @Test
    void a_saved_keyring_is_read_back_and_private() throws Exception {
        Path file = directory.resolve("keyring");
        Keyring ring = Keyring.of(first).install(second).use(second.id());

        KeyringFile.save(file, Keyring.of(first));
        KeyringFile.save(file, ring);

        assertThat(KeyringFile.load(file)).isEqualTo(ring);
        assertThat(KeyringFile.load(file).primary()).isEqualTo(second);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_keyring_that_others_may_read_is_refused() throws Exception {
        Path file = directory.resolve("keyring");
        KeyringFile.save(file, Keyring.of(first));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> KeyringFile.load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void any_damage_to_the_file_is_found_and_its_message_shows_no_key() throws Exception {
        byte[] intact = KeyringFile.encode(Keyring.of(first).install(second));
        assertThat(KeyringFile.decode(intact).list()).hasSize(2);

        Property.forSeeds(500, random -> {
            byte[] flipped = intact.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            byte[] cut = Arrays.copyOf(intact, random.nextInt(intact.length));
            for (byte[] damaged : new byte[][] {flipped, cut, Property.bytes(random, random.nextInt(200))}) {
                assertThatThrownBy(() -> KeyringFile.decode(damaged))
                        .isInstanceOf(KeyringRefused.class)
                        .hasMessageNotContaining(first.reveal().substring(0, 6));
            }
        });
    }

    @Test
    void a_damaged_file_is_an_error_that_names_it_and_the_way_out() throws Exception {
        Path file = directory.resolve("keyring");
        KeyringFile.save(file, Keyring.of(first));
        Files.write(file, new byte[] {1, 2, 3});

        assertThatThrownBy(() -> KeyringFile.load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("backup");
    }
}
