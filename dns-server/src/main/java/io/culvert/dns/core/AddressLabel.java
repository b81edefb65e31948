package io.culvert.dns.core;

import io.culvert.catalog.IpAddress;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A label that spells an address: {@code 0a000007}, {@code 10-0-0-7}, 32 digits or {@code fd00--7}.
 *
 * @param exists as Consul has it, digits of another length are a name without data, and what is no number is no name
 */
record AddressLabel(boolean exists, Optional<IpAddress> address) {
    private static final int IPV4_DIGITS = 8;
    private static final int IPV6_DIGITS = 32;

    static AddressLabel read(String label) {
        if (label.indexOf('-') >= 0) {
            Optional<IpAddress> address =
                    IpAddress.tryParse(label.replace('-', '.')).or(() -> IpAddress.tryParse(label.replace('-', ':')));
            return new AddressLabel(address.isPresent(), address);
        }
        if (label.length() != IPV4_DIGITS && label.length() != IPV6_DIGITS) {
            return new AddressLabel(true, Optional.empty());
        }
        boolean hex = label.chars().allMatch(HexFormat::isHexDigit);
        return new AddressLabel(
                hex, hex ? Optional.of(IpAddress.of(HexFormat.of().parseHex(label))) : Optional.empty());
    }
}
