package io.culvert.agent.local.json;

/** {@code host:port} of a check, IPv6 in brackets. */
record HostPort(String host, int port) {
    private static final int LAST_PORT = 65_535;

    static HostPort parse(String field, String text) throws InputRefused {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw refused(field, text);
        }
        String port = text.substring(colon + 1);
        if (colon < 0 || port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw refused(field, text);
        }
        int number = Integer.parseInt(port);
        if (number < 1 || number > LAST_PORT) {
            throw refused(field, text);
        }
        return new HostPort(host.isEmpty() ? "127.0.0.1" : host, number);
    }

    private static InputRefused refused(String field, String text) {
        return InputRefused.invalid("Invalid check: " + field + " '" + text
                + "' (expected: host:port with a port of 1 to 65535, an IPv6 address in brackets)");
    }
}
