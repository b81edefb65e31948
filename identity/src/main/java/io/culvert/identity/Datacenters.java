package io.culvert.identity;

import java.util.regex.Pattern;

/** The rule for names of datacenters, which is Consul's. */
final class Datacenters {
    private static final Pattern FORM = Pattern.compile("[a-z0-9_-]{1,63}");

    private Datacenters() {}

    static void check(String datacenter) {
        if (!FORM.matcher(datacenter).matches()) {
            throw new IllegalArgumentException("datacenter: '" + Printable.of(datacenter)
                    + "' (expected: 1 to 63 lower-case letters, digits, dashes and underscores)");
        }
    }
}
