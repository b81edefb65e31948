package io.culvert.agent.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A file that a crash leaves either as it was or as it was meant to be: written under another name, synced, renamed, and
 * the folder synced. Mode 0600. May block: never on an event loop.
 */
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

    public void write(byte[] bytes) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(path + ": has no folder");
        }
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(
                folder,
                "." + path.getFileName(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true); // the rename itself must survive a power cut
        }
    }

    /** Moves a damaged file out of the way, so that the next start is clean and a person can look at it. */
    public Path setAside() throws IOException {
        Path aside = path.resolveSibling(path.getFileName() + ".damaged");
        return Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
    }
}
