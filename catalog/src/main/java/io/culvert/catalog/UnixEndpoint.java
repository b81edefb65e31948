package io.culvert.catalog;

/**
 * A UNIX stream socket.
 *
 * @param path absolute; at most 107 bytes, the kernel's limit ({@code sun_path})
 */
public record UnixEndpoint(String path) implements Endpoint {
    /** The longest path that fits {@code sun_path} with its final zero byte. */
    public static final int LONGEST_PATH = 107;

    public UnixEndpoint {
        if (!path.startsWith("/") || path.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > LONGEST_PATH) {
            throw new IllegalArgumentException(
                    "socket path: '" + path + "' (expected: an absolute path of at most " + LONGEST_PATH + " bytes)");
        }
    }

    @Override
    public String toString() {
        return "unix://" + path;
    }
}
