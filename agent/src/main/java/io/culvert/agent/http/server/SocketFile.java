package io.culvert.agent.http.server;

import io.culvert.agent.http.StatusReport;
import io.culvert.catalog.UnixEndpoint;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file of the API's socket: replaced when stale, never when it is somebody else's or in use. */
final class SocketFile {
    private static final String NAME = "api";

    private final Path path;
    private volatile @Nullable Object key; // device and inode of our own file, once it is in place

    SocketFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /** The name to bind; moved into place by {@link #publish}. */
    Path prepare() throws IOException {
        Path directory = Objects.requireNonNull(path.getParent(), "a socket has a directory");
        Files.createDirectories(directory);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!isSocket(path)) {
                throw new IOException("the HTTP API cannot listen on " + path
                        + ": there is a file that is no socket (expected: nothing, or the socket of an agent that has"
                        + " ended); move it away");
            }
            if (isAnswered(path)) {
                throw new IOException("the HTTP API cannot listen on " + path + ": another agent answers there");
            }
        }
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        if (fresh.toString().length() > UnixEndpoint.LONGEST_PATH) {
            throw new IOException("the HTTP API cannot listen on " + path + ": the path is longer than "
                    + (UnixEndpoint.LONGEST_PATH - ".new".length()) + " bytes (expected: a shorter data directory)");
        }
        Files.deleteIfExists(fresh);
        return fresh;
    }

    void publish(Path fresh, Optional<String> group, int mode) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(fresh, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (group.isPresent()) {
            view.setGroup(lookUp(group.get()));
        }
        Files.setAttribute(fresh, "unix:mode", mode); // not by descriptor: a socket cannot be opened
        key = Files.readAttributes(fresh, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether clients can find it: its file can be removed behind our back, and then the socket is open and out of reach. */
    StatusReport.Listener status() {
        String address = "unix://" + path;
        try {
            return isOurs()
                    ? StatusReport.Listener.listening(NAME, address)
                    : StatusReport.Listener.failed(
                            NAME,
                            address,
                            "another file is in the place of the socket's",
                            "is another agent set to the same api.socket? restart this one when it has its own");
        } catch (NoSuchFileException e) {
            return StatusReport.Listener.failed(
                    NAME,
                    address,
                    "the socket's file was removed",
                    "restart the agent; whatever cleans up should leave it");
        } catch (IOException e) {
            return StatusReport.Listener.failed(
                    NAME, address, "the socket's file cannot be seen: " + e.getMessage(), "");
        }
    }

    /** Removes the file, if it is still our own. */
    void remove() throws IOException {
        try {
            if (isOurs()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // Removed by somebody else: as wanted.
            key = null;
        }
    }

    private boolean isOurs() throws IOException {
        Object present = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        return present != null && present.equals(key);
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private GroupPrincipal lookUp(String group) throws IOException {
        try {
            return path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException(
                    "api.socket_group: there is no group '" + group + "' on this host (create it: groupadd " + group
                            + ")",
                    e);
        }
    }

    private static boolean isSocket(Path file) throws IOException {
        int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & 0170000) == 0140000;
    }

    private static boolean isAnswered(Path file) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(file));
        } catch (IOException e) {
            return false; // nobody listens: the socket of an agent that has ended
        }
    }
}
