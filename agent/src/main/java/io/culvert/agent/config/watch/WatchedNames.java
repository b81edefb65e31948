package io.culvert.agent.config.watch;

import java.nio.file.Path;

/** Names that the loader reads; other files may come and go unnoticed. */
final class WatchedNames {
    private WatchedNames() {}

    static boolean isServiceFile(Path file) {
        Path name = file.getFileName();
        String text = name == null ? "" : name.toString();
        return (text.endsWith(".hcl") || text.endsWith(".json")) && !text.startsWith(".") && !text.startsWith("#");
    }
}
