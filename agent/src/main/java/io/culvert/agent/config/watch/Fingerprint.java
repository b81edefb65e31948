package io.culvert.agent.config.watch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the files under some paths look like from outside: equal fingerprints mean, nearly always, equal content. */
record Fingerprint(Map<String, Look> files) {
    /** An unreadable file looks like size -1; it differs as soon as it can be read. */
    record Look(
            long size,
            @Nullable FileTime modified,
            @Nullable String identity) {
        static final Look UNREADABLE = new Look(-1, null, null);
    }

    static Fingerprint of(List<Path> sources) {
        Map<String, Look> files = new TreeMap<>();
        for (Path source : sources) {
            if (Files.isDirectory(source)) {
                files.put(source + "/", Look.UNREADABLE);
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(source)) {
                    entries.forEach(entry -> add(entry, files));
                } catch (IOException | DirectoryIteratorException e) {
                    // The loader says why; here it only has to differ from a directory that can be read.
                    files.put(source + "/", new Look(-2, null, e.getClass().getName()));
                }
            } else if (Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
                add(source, files);
            }
        }
        return new Fingerprint(files);
    }

    private static void add(Path file, Map<String, Look> files) {
        if (!WatchedNames.isServiceFile(file)) {
            return;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            files.put(
                    file.toString(),
                    new Look(attributes.size(), attributes.lastModifiedTime(), String.valueOf(attributes.fileKey())));
        } catch (IOException e) {
            files.put(file.toString(), Look.UNREADABLE);
        }
    }
}
