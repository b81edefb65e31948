package io.culvert.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
    @TempDir
    Path folder = Path.of("unset");

    @Test
    void what_is_written_is_read_and_only_the_owner_may_read_it() throws IOException {
        DurableFile file = new DurableFile(folder.resolve("deep/er/file"));
        assertThat(file.read(10)).isEmpty();
        file.write(new byte[] {1, 2, 3});
        file.write(new byte[] {4});
        assertThat(file.read(10)).hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(4));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        try (var files = Files.list(file.path().resolveSibling("."))) {
            assertThat(files.count()).as("nothing is left behind").isEqualTo(1);
        }
    }

    @Test
    void a_file_that_grew_beyond_its_bound_is_not_read() throws IOException {
        DurableFile file = new DurableFile(folder.resolve("file"));
        file.write(new byte[11]);
        assertThatThrownBy(() -> file.read(10)).isInstanceOf(IOException.class).hasMessageContaining("11 bytes");
    }

    @Test
    void a_damaged_file_is_moved_out_of_the_way() throws IOException {
        DurableFile file = new DurableFile(folder.resolve("file"));
        file.write(new byte[] {1});
        assertThat(file.setAside()).exists();
        assertThat(file.read(10)).isEmpty();
    }
}
