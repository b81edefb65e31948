package io.culvert.agent.bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who this process is. */
public final class SystemUser {
    private SystemUser() {}

    /** The effective user id, from {@code /proc/self}, which belongs to it. */
    public static int uid() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }
}
