package io.culvert.agent.config;

import io.culvert.agent.files.DurableFile;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last good text of every service file under the data directory, so that a file that is broken when the agent starts does not
 * take its services away. One file each: a header with the hash of the text and the path, then the text. Blocks on the disk; confined
 * to the thread that reloads.
 */
public final class LastGoodStore {
    private static final Logger log = LoggerFactory.getLogger(LastGoodStore.class);
    private static final String SUFFIX = ".good";
    private static final Pattern HEADER =
            Pattern.compile("culvert-last-good 1 ([0-9a-f]{64}) (\\S+)\n(.*)", Pattern.DOTALL);

    private final Path directory;
    private final Map<String, String> hashes = new HashMap<>();
    private boolean hashesKnown;

    /** @param directory {@code config-last-good} in the data directory; made when first needed */
    public LastGoodStore(Path directory) {
        this.directory = directory;
    }

    /** Texts by the absolute path of their file. A damaged one is set aside and left out. */
    Map<String, String> readAll() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        hashesKnown = true;
        if (!Files.isDirectory(directory)) {
            return texts;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path entry : entries) {
                read(entry, texts);
            }
        }
        return texts;
    }

    private void read(Path entry, Map<String, String> texts) throws IOException {
        Matcher header = HEADER.matcher(new String(Files.readAllBytes(entry), StandardCharsets.UTF_8));
        if (!header.matches() || !FileVersion.sha256(header.group(3)).equals(header.group(1))) {
            Path aside = new DurableFile(entry).setAside();
            log.atWarn()
                    .addKeyValue("file", entry)
                    .addKeyValue("set_aside_as", aside)
                    .log("last good version damaged");
            return;
        }
        String path = URLDecoder.decode(header.group(2), StandardCharsets.UTF_8);
        texts.put(path, header.group(3));
        hashes.put(path, header.group(1));
    }

    /** Makes the store hold exactly these versions. */
    void replaceAll(Map<String, FileVersion> versions) throws IOException {
        if (!hashesKnown) {
            int held = readAll().size();
            log.atDebug().addKeyValue("versions", held).log("last good versions found");
        }
        for (Map.Entry<String, FileVersion> version : versions.entrySet()) {
            if (!version.getValue().sha256().equals(hashes.get(version.getKey()))) {
                write(version.getKey(), version.getValue());
            }
        }
        for (String gone : Set.copyOf(hashes.keySet())) {
            if (!versions.containsKey(gone)) {
                Files.deleteIfExists(entry(gone));
                hashes.remove(gone);
            }
        }
    }

    private void write(String path, FileVersion version) throws IOException {
        String header = "culvert-last-good 1 " + version.sha256() + " "
                + URLEncoder.encode(path, StandardCharsets.UTF_8) + "\n";
        new DurableFile(entry(path)).write((header + version.text()).getBytes(StandardCharsets.UTF_8));
        hashes.put(path, version.sha256());
    }

    private Path entry(String path) {
        return directory.resolve(FileVersion.sha256(path).substring(0, 32) + SUFFIX);
    }
}
