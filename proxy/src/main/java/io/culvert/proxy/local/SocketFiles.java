package io.culvert.proxy.local;

import io.culvert.catalog.UnixEndpoint;
import io.culvert.proxy.Upstream;
import io.culvert.proxy.relay.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of UNIX sockets. A socket is made in a directory that only the agent may enter, given its owner and mode, and then
 * moved to its place: nobody can connect before the file says who may. What stands in that place is replaced only when it
 * is a socket on which nobody listens. Blocks for as long as file operations.
 */
final class SocketFiles {
    private static final Logger log = LoggerFactory.getLogger(SocketFiles.class);
    private static final int SOCKET = 0140000;
    private static final int FILE_TYPE = 0170000;
    private static final int OWNER_ONLY = 0600;
    private static final AttributeKey<Object> FILE_KEY = AttributeKey.valueOf(SocketFiles.class, "file");

    private final Transport transport;
    private final Accounts accounts;

    SocketFiles(Transport transport, Accounts accounts) {
        this.transport = transport;
        this.accounts = accounts;
    }

    /** @param binding opens the listener at an address and waits for it */
    Channel bind(Upstream.UnixBind wanted, Function<SocketAddress, ChannelFuture> binding) throws BindFailure {
        Path path = checked(wanted.path());
        try {
            checkReplaceable(path);
            return bindAside(wanted, path, binding);
        } catch (NoSuchFileException e) {
            throw new BindFailure(
                    wanted + ": directory " + path.getParent() + " does not exist",
                    "create it, for example by RuntimeDirectory= of the unit or by tmpfiles.d");
        } catch (IOException e) {
            throw new BindFailure(
                    wanted + ": " + e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "the agent's user must be allowed to write to " + path.getParent()
                            + " and to give the file its owner");
        }
    }

    /** Closes the listener and removes its file, unless another one has taken its place. */
    void close(Upstream.UnixBind wanted, Channel channel) {
        Path path = Path.of(wanted.path());
        try {
            Object own = channel.attr(FILE_KEY).get();
            if (own != null && own.equals(key(path))) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            log.atDebug().addKeyValue("path", path).log("socket file is gone already");
        } catch (IOException e) {
            log.atWarn().addKeyValue("path", path).setCause(e).log("socket file cannot be removed");
        }
        channel.close().awaitUninterruptibly();
    }

    private static Path checked(String path) throws BindFailure {
        try {
            return Path.of(new UnixEndpoint(path).path());
        } catch (IllegalArgumentException e) {
            throw new BindFailure(String.valueOf(e.getMessage()), "choose a shorter, absolute path");
        }
    }

    private void checkReplaceable(Path path) throws IOException, BindFailure {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & FILE_TYPE) != SOCKET) {
            throw new BindFailure(
                    path + " exists and is not a socket",
                    "remove it or choose another path: the agent never touches it");
        }
        if (isListenedOn(path)) {
            throw new BindFailure(
                    path + " is the socket of another process, which listens on it",
                    "stop that process or choose another path (see 'ss -xlp src " + path + "')");
        }
    }

    private static boolean isListenedOn(Path path) throws IOException, BindFailure {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Non-blocking: a full backlog of a live listener must not hold us up.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("refused")) {
                return false;
            }
            if (message.contains("temporarily unavailable")) {
                return true;
            }
            throw new BindFailure(
                    path + " exists, and whether somebody listens on it cannot be found out: " + message,
                    "remove the file if it is left over, or let the agent's user connect to it");
        }
    }

    private Channel bindAside(Upstream.UnixBind wanted, Path path, Function<SocketAddress, ChannelFuture> binding)
            throws IOException, BindFailure {
        Path parent = Objects.requireNonNull(path.getParent(), "an absolute path has a parent");
        Path aside = Files.createTempDirectory(
                parent, ".c", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path made = aside.resolve("s");
        try {
            ChannelFuture bound = binding.apply(transport.unixAddress(new UnixEndpoint(made.toString()).path()));
            if (!bound.isSuccess()) {
                throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
            }
            boolean complete = false;
            try {
                protect(wanted, made);
                move(made, path);
                bound.channel().attr(FILE_KEY).set(key(path));
                complete = true;
                return bound.channel();
            } finally {
                if (!complete) {
                    bound.channel().close().awaitUninterruptibly();
                }
            }
        } catch (IllegalArgumentException e) {
            throw new BindFailure(path + ": its directory is too long for a UNIX socket", "choose a shorter directory");
        } finally {
            Files.deleteIfExists(made);
            Files.deleteIfExists(aside);
        }
    }

    private void protect(Upstream.UnixBind wanted, Path made) throws IOException, BindFailure {
        chown(made, "unix:uid", wanted.owner(), wanted.owner().flatMap(accounts::uid), "user");
        chown(made, "unix:gid", wanted.group(), wanted.group().flatMap(accounts::gid), "group");
        // Without NOFOLLOW_LINKS, which would open the file: a socket cannot be opened. Nobody else can put a link
        // here.
        Files.setAttribute(made, "unix:mode", wanted.mode().orElse(OWNER_ONLY));
    }

    private static void chown(Path made, String attribute, Optional<String> name, Optional<Integer> number, String what)
            throws IOException, BindFailure {
        if (name.isEmpty()) {
            return;
        }
        if (number.isEmpty()) {
            throw new BindFailure(
                    "there is no " + what + " '" + name.get() + "'",
                    "create the " + what + ", or correct its name in the service file");
        }
        Files.setAttribute(made, attribute, number.get(), LinkOption.NOFOLLOW_LINKS);
    }

    private static void move(Path made, Path path) throws IOException {
        try {
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the file system of " + path + " cannot move a socket", e);
        }
    }

    /** What tells this file from another one of the same name. */
    private static Object key(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
        return Map.copyOf(attributes);
    }
}
