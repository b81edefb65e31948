package io.culvert.dns.core;

import io.culvert.catalog.IpAddress;
import java.util.List;
import java.util.Optional;

/** Names under {@code in-addr.arpa} (RFC 1035 section 3.5) and {@code ip6.arpa} (RFC 3596 section 2.5). */
final class ReverseName {
    private static final int IPV4_LABELS = 4;
    private static final int IPV6_LABELS = 32;
    private static final String NIBBLES = "0123456789abcdef";

    private ReverseName() {}

    /** The address that the lower case {@code labels} spell, if they are all there. */
    static Optional<IpAddress> address(List<String> labels) {
        int parts = labels.size() - 2;
        if (parts < 0 || !labels.get(parts + 1).equals("arpa")) {
            return Optional.empty();
        }
        String tree = labels.get(parts);
        if (parts == IPV4_LABELS && tree.equals("in-addr")) {
            return IpAddress.tryParse(labels.get(3) + "." + labels.get(2) + "." + labels.get(1) + "." + labels.get(0));
        }
        return parts == IPV6_LABELS && tree.equals("ip6") ? ipv6(labels) : Optional.empty();
    }

    private static Optional<IpAddress> ipv6(List<String> labels) {
        byte[] bytes = new byte[IPV6_LABELS / 2];
        for (int i = 0; i < IPV6_LABELS; i++) {
            String label = labels.get(IPV6_LABELS - 1 - i);
            int nibble = label.length() == 1 ? NIBBLES.indexOf(label.charAt(0)) : -1;
            if (nibble < 0) {
                return Optional.empty();
            }
            bytes[i / 2] |= (byte) (i % 2 == 0 ? nibble << 4 : nibble);
        }
        return Optional.of(IpAddress.of(bytes));
    }

    /** The zone that a negative answer speaks for: the name without its first label, which no pool is smaller than. */
    static DnsName zone(List<String> labels) {
        return DnsName.known(String.join(".", labels.subList(1, labels.size())));
    }
}
