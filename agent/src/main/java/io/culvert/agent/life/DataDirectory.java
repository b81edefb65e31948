package io.culvert.agent.life;

import io.culvert.agent.files.DiskTrouble;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** The folder that an agent keeps its state in, locked for as long as it runs. */
public final class DataDirectory implements AutoCloseable {
    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final boolean temporary;

    private DataDirectory(Path root, FileChannel lockFile, FileLock lock, boolean temporary) {
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
        this.temporary = temporary;
    }

    /** @throws IOException when it cannot be made or written, or another agent holds it */
    public static DataDirectory open(Path root) throws IOException {
        Path absolute = root.toAbsolutePath();
        try {
            return open(absolute, false);
        } catch (FileSystemException e) {
            throw new IOException(
                    "the data directory " + absolute + " cannot be used: " + DiskTrouble.of(e)
                            + " (expected: a directory that user '" + System.getProperty("user.name")
                            + "' may write; choose another one with --data-dir)",
                    e);
        }
    }

    /** A folder that vanishes when it is closed: a mesh in memory. */
    public static DataDirectory temporary() throws IOException {
        return open(Files.createTempDirectory("culvert-dev-"), true);
    }

    private static DataDirectory open(Path root, boolean temporary) throws IOException {
        if (!Files.isDirectory(root)) {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-x--x"));
        }
        FileChannel channel =
                FileChannel.open(root.resolve("agent.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw inUse(root, e);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw inUse(root, null);
        }
        return new DataDirectory(root, channel, lock, temporary);
    }

    private static IOException inUse(Path root, @org.jspecify.annotations.Nullable Exception cause) {
        return new IOException(
                root + " is in use by another agent (two agents on one host need --data-dir each)", cause);
    }

    public Path root() {
        return root;
    }

    /** For keys and certificates: nobody but the agent looks in here. */
    public Path secret() throws IOException {
        Path folder = root.resolve("secret");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        return folder;
    }

    public Path resolve(String name) {
        return root.resolve(name);
    }

    @Override
    public void close() throws IOException {
        if (lockFile.isOpen()) {
            lock.release();
            lockFile.close();
            if (temporary) {
                remove(root);
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
