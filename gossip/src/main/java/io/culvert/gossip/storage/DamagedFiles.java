package io.culvert.gossip.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that cannot be read are kept for whoever wants to know why, and never stop the agent. */
final class DamagedFiles {
    private static final Logger log = LoggerFactory.getLogger(DamagedFiles.class);

    private DamagedFiles() {}

    static void setAside(Path file, String why, String consequence) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        log.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("kept_as", aside)
                .addKeyValue("why", why)
                .addKeyValue("consequence", consequence)
                .log("damaged file set aside");
    }
}
