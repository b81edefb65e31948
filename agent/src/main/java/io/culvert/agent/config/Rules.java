package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Printable;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.UnixEndpoint;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules for single values that several blocks share. Each reports what is wrong and returns something usable. */
final class Rules {
    private static final int LONGEST_ID = 255;
    private static final int MOST_META = 64;
    private static final Pattern META_KEY = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final int LONGEST_META_VALUE = 512;
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{1,10}|[A-Za-z_][A-Za-z0-9_.-]{0,30}\\$?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,252})");
    private static final Pattern OCTAL = Pattern.compile("[0-7]{3,4}");

    private Rules() {}

    /** An id of a service or a check. */
    static String id(Fields fields, String key) {
        String id = fields.text(key);
        if (id.length() > LONGEST_ID || id.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            fields.error(
                    key,
                    "found '" + Printable.of(id) + "', expected 1 to " + LONGEST_ID
                            + " characters without control characters");
        }
        return id.isEmpty() ? "?" : id;
    }

    /** Consul's bounds; empty after a problem. */
    static Map<String, String> meta(Fields fields, String key) {
        Map<String, String> meta = fields.textMap(key);
        boolean right = meta.size() <= MOST_META;
        if (!right) {
            fields.error(key, "found " + meta.size() + " pairs, expected at most " + MOST_META);
        }
        for (Map.Entry<String, String> pair : meta.entrySet()) {
            String refusal = metaRefusal(pair.getKey(), pair.getValue());
            if (!refusal.isEmpty()) {
                fields.error(key, refusal);
                right = false;
            }
        }
        return right ? meta : Map.of();
    }

    private static String metaRefusal(String name, String value) {
        if (!META_KEY.matcher(name).matches()) {
            return "found the key '" + Printable.of(name)
                    + "', expected 1 to 128 letters, digits, dashes and underscores";
        }
        if (name.startsWith("consul-") && !name.equals("consul-network-segment")) {
            return "the key '" + name + "' is reserved (expected: no name that begins with 'consul-')";
        }
        return value.length() <= LONGEST_META_VALUE
                ? ""
                : "the value of '" + name + "' has " + value.length() + " characters, expected at most "
                        + LONGEST_META_VALUE;
    }

    /** An address to be announced: an IP address or a host name, never 0.0.0.0. */
    static String serviceAddress(Fields fields, String key) {
        String address = fields.text(key);
        Optional<IpAddress> ip = IpAddress.tryParse(address);
        if (ip.isPresent() && ip.get().isUnspecified()) {
            fields.error(key, "found '" + address + "', expected an address that others can connect to");
        } else if (!address.isEmpty() && ip.isEmpty() && !isHost(address)) {
            fields.error(key, "found '" + Printable.of(address) + "', expected an IP address or a host name");
        }
        return address;
    }

    static boolean isHost(String text) {
        return IpAddress.tryParse(text).isPresent() || HOST.matcher(text).matches();
    }

    /** An absolute path that fits a socket's address; empty when not given. */
    static String socketPath(Fields fields, String key) {
        String path = fields.text(key);
        if (path.isEmpty()) {
            if (fields.has(key)) {
                fields.error(key, "found an empty text, expected an absolute path");
            }
            return "";
        }
        try {
            return new UnixEndpoint(path).path();
        } catch (IllegalArgumentException refused) {
            fields.error(
                    key,
                    "found '" + Printable.of(path) + "', expected an absolute path of at most "
                            + UnixEndpoint.LONGEST_PATH + " bytes");
            return "";
        }
    }

    static String absolutePath(Fields fields, String key) {
        String path = fields.text(key);
        if (fields.has(key) && !path.startsWith("/")) {
            fields.error(key, "found '" + Printable.of(path) + "', expected an absolute path");
        }
        return path;
    }

    /** A user or group of the system, by name or number. Whether it exists is seen when it is used. */
    static String account(Fields fields, String key) {
        String account = fields.text(key);
        if (fields.has(key) && !ACCOUNT.matcher(account).matches()) {
            fields.error(
                    key,
                    "found '" + Printable.of(account) + "', expected a name or a number of the system's "
                            + (key.contains("group") ? "groups" : "users"));
            return "";
        }
        return account;
    }

    /** {@code "0660"}; empty when not given. */
    static Optional<Integer> mode(Fields fields, String key) {
        String mode = fields.text(key);
        if (mode.isEmpty()) {
            return Optional.empty();
        }
        if (!OCTAL.matcher(mode).matches() || Integer.parseInt(mode, 8) > 0777) {
            fields.error(key, "found '" + Printable.of(mode) + "', expected permission bits in octal such as \"0660\"");
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(mode, 8));
    }
}
