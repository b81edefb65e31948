package io.culvert.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.culvert.agent.life.DataDirectory;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTroubleTest {
    @TempDir
    Path folder = Path.of("unset");

    @Test
    void an_exception_that_only_names_the_file_gets_words() {
        assertThat(DiskTrouble.of(new AccessDeniedException("/a"))).isEqualTo("/a: permission denied");
        assertThat(DiskTrouble.of(new NoSuchFileException("/a"))).isEqualTo("/a: does not exist");
        assertThat(DiskTrouble.of(new NotDirectoryException("/a"))).isEqualTo("/a: is no directory");
        assertThat(DiskTrouble.of(new FileSystemException("/a", null, "Read-only file system")))
                .isEqualTo("/a: Read-only file system");
        assertThat(DiskTrouble.of(new IOException("No space left on device"))).isEqualTo("No space left on device");
        assertThat(DiskTrouble.of(new IOException())).isEqualTo("java.io.IOException");
    }

    @Test
    void a_data_directory_that_is_a_file_is_named_with_the_way_out() throws IOException {
        Path file = Files.writeString(folder.resolve("data"), "precious");

        IOException refused = catchThrowableOfType(IOException.class, () -> DataDirectory.open(file));

        assertThat(refused)
                .hasMessageContaining("the data directory " + file + " cannot be used: " + file + ": exists already")
                .hasMessageContaining("--data-dir");
        assertThat(file).hasContent("precious");
    }
}
