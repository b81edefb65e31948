package io.culvert.agent.config;

import io.culvert.agent.config.syntax.ConfigSyntax;
import io.culvert.agent.config.syntax.Position;
import io.culvert.agent.config.syntax.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds and reads service files. Directories are read by name, not recursively; symbolic links are followed. Only {@code *.hcl} and
 * {@code *.json} count, hidden files never: editors and packagers leave others behind.
 */
final class ConfigSources {
    /** A host with more services than this has other troubles. */
    static final int MOST_FILES = 10_000;

    private final List<Path> sources;

    ConfigSources(List<Path> sources) {
        this.sources = List.copyOf(sources);
    }

    /**
     * A file that was found.
     *
     * @param name as its directory was given
     * @param identity absolute path, the same however the directory is named
     * @param content empty when it cannot be read; then there is a problem
     */
    record Found(String name, String identity, Optional<byte[]> content, List<Problem> problems) {}

    /**
     * Everything that was found.
     *
     * @param files in the order in which they count, each once
     * @param problems of directories
     * @param unreadable directories whose files are not known
     */
    record Listing(List<Found> files, List<Problem> problems, List<Path> unreadable) {}

    static boolean isServiceFile(String name) {
        return (name.endsWith(".hcl") || name.endsWith(".json")) && !name.startsWith(".") && !name.startsWith("#");
    }

    Listing read() {
        Map<String, Path> paths = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        List<Path> unreadable = new ArrayList<>();
        for (Path source : sources) {
            if (Files.isDirectory(source)) {
                list(source, paths, problems, unreadable);
            } else if (Files.exists(source, LinkOption.NOFOLLOW_LINKS) && !isServiceFile(fileName(source))) {
                problems.add(Problem.error(
                        Position.of(source.toString()),
                        "is no directory and no service file (expected: a name that ends in .hcl or .json)"));
            } else if (Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
                paths.putIfAbsent(identity(source), source);
            } else {
                problems.add(Problem.warning(
                        Position.of(source.toString()),
                        "does not exist; its files take effect as soon as they are there"));
            }
        }
        List<Found> files = new ArrayList<>();
        paths.forEach((identity, path) -> open(identity, path).ifPresent(files::add));
        return new Listing(files, problems, unreadable);
    }

    private static void list(Path directory, Map<String, Path> paths, List<Problem> problems, List<Path> unreadable) {
        Map<String, Path> byName = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (isServiceFile(fileName(entry)) && !Files.isDirectory(entry)) {
                    byName.put(fileName(entry), entry);
                }
                if (byName.size() > MOST_FILES) {
                    throw new IOException("more than " + MOST_FILES + " service files");
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            problems.add(Problem.error(
                    Position.of(directory.toString()),
                    "the directory cannot be read: " + reason(e) + "; what was loaded from it before stays"));
            unreadable.add(directory);
            return;
        }
        byName.values().forEach(path -> paths.putIfAbsent(identity(path), path));
    }

    /** Empty when the file went away since it was listed. */
    private static Optional<Found> open(String identity, Path path) {
        String name = path.toString();
        Position position = Position.of(name);
        try {
            if (!Files.exists(path)) {
                return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                        ? Optional.of(refused(name, identity, "the symbolic link leads to no file"))
                        : Optional.empty();
            }
            // A pipe would keep the agent waiting for ever.
            if (!Files.isRegularFile(path)) {
                return Optional.of(refused(name, identity, "is no regular file"));
            }
            List<Problem> warnings = isWritableByAll(path)
                    ? List.of(
                            Problem.warning(
                                    position,
                                    "every user of this host may write this file, and so run programs as the agent (chmod o-w)"))
                    : List.of();
            try (InputStream in = Files.newInputStream(path)) {
                byte[] content = in.readNBytes(ConfigSyntax.LARGEST_FILE + 1);
                if (content.length == 0) {
                    // An editor empties a file before it writes: what was there must not vanish for that moment.
                    return Optional.of(
                            refused(name, identity, "the file is empty (remove it to remove what it declared)"));
                }
                return Optional.of(new Found(name, identity, Optional.of(content), warnings));
            }
        } catch (IOException e) {
            return Optional.of(refused(name, identity, "cannot be read: " + reason(e)));
        }
    }

    private static Found refused(String name, String identity, String message) {
        return new Found(name, identity, Optional.empty(), List.of(Problem.error(Position.of(name), message)));
    }

    private static boolean isWritableByAll(Path path) throws IOException {
        return Files.getFileStore(path).supportsFileAttributeView("posix")
                && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE);
    }

    static String identity(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    private static String reason(Exception e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    }
}
