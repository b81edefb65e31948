package io.culvert.gossip.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Replaces and reads whole private files. After {@link #replace} returns, a crash at any later moment leaves the new
 * content; a crash before leaves the old one; never a mix and never no file. Every method blocks on the disk.
 */
public final class DurableFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_BITS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private DurableFile() {}

    /**
     * Writes {@code content} as the whole of {@code file}, mode 0600, creating missing directories (mode 0700).
     *
     * @throws IOException if any step fails; the old content is then still in place
     */
    public static void replace(Path file, byte[] content) throws IOException {
        Path target = file.toAbsolutePath();
        Path directory = directoryOf(target);
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // The temporary file is in the same directory: a rename is atomic only inside one file system.
        Path temporary = Files.createTempFile(
                directory, "." + target.getFileName(), ".tmp", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            writeAndSync(temporary, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        syncDirectory(directory);
    }

    /**
     * Reads the whole of {@code file}.
     *
     * @param maximumBytes a longer file is refused before anything is read
     * @throws IOException if the file is missing, unreadable or too long
     */
    public static byte[] read(Path file, int maximumBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > maximumBytes) {
                throw new IOException(file + " is " + size + " bytes long (expected: at most " + maximumBytes + ")");
            }
            ByteBuffer buffer = ByteBuffer.allocate((int) size);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // read() may deliver less than asked for
            }
            byte[] content = new byte[buffer.position()];
            buffer.flip().get(content);
            return content;
        }
    }

    /**
     * Refuses a secret that others may read: it has then to be taken as known to them.
     *
     * @throws IOException if group or others have any right on {@code file}
     */
    public static void requirePrivate(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNER_BITS.containsAll(permissions)) {
            throw new IOException(file + " holds a secret but has mode " + PosixFilePermissions.toString(permissions)
                    + " (expected: rw-------); if nobody else can have read it, run: chmod 600 " + file);
        }
    }

    private static void writeAndSync(Path temporary, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (IOException e) { // such as a full disk, of which the exception does not say where
            throw new IOException(temporary + " cannot be written: " + e.getMessage(), e);
        }
    }

    // Without this the rename itself may be lost in a power failure.
    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path directoryOf(Path absolute) throws IOException {
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new IOException(absolute + " is not a file in a directory");
        }
        return parent;
    }
}
