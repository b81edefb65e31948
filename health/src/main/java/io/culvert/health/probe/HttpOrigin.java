package io.culvert.health.probe;

import java.util.Locale;

/**
 * Where an HTTP request goes.
 *
 * @param host without brackets, lower case
 */
record HttpOrigin(boolean tls, String host, int port) {
    /**
     * Reads the authority of a URL. By hand, because {@link java.net.URI} knows no host with an underscore.
     *
     * @throws IllegalArgumentException with a message for the check's output
     */
    static HttpOrigin parse(boolean tls, String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        boolean hasPort = colon >= 0 && hostAndPort.indexOf(']') < colon;
        String host = hasPort ? hostAndPort.substring(0, colon) : hostAndPort;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty()) {
            throw new IllegalArgumentException("no host in '" + hostAndPort + "'");
        }
        String port = hasPort ? hostAndPort.substring(colon + 1) : "";
        return new HttpOrigin(tls, host.toLowerCase(Locale.ROOT), port.isEmpty() ? defaultPort(tls) : parsePort(port));
    }

    /** The form of the Host header: a port only where it is not the scheme's own. */
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == defaultPort(tls) ? name : name + ":" + port;
    }

    private static int defaultPort(boolean tls) {
        return tls ? 443 : 80;
    }

    private static int parsePort(String text) {
        int port = text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port '" + text + "' (expected: 1 to 65535)");
        }
        return port;
    }
}
