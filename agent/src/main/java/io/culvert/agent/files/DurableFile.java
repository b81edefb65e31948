package io.culvert.agent.files;

import io.culvert.identity.disk.SecretFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file that a crash leaves either as it was or as it was meant to be ({@link SecretFiles}). May block. */
public final class DurableFile {
    private final Path path;

    public DurableFile(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /** The bytes, or nothing when there is no such file. */
    public Optional<byte[]> read(long longest) throws IOException {
        try {
            if (Files.size(path) > longest) {
                throw new IOException(path + ": " + Files.size(path) + " bytes (expected: at most " + longest + ")");
            }
            return Optional.of(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Replaces the whole file, making its folder when it is missing. */
    public void write(byte[] bytes) throws IOException {
        SecretFiles.write(path, bytes);
    }

    /** Removes the file, so that a crash does not bring it back; one that is not there is removed already. */
    public void delete() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (Files.deleteIfExists(path) && folder != null) {
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true); // the removal itself must survive a power cut
            }
        }
    }

    /** Moves a damaged file out of the way, so that the next start is clean and a person can look at it. */
    public Path setAside() throws IOException {
        return SecretFiles.setAside(path);
    }
}
