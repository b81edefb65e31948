package io.culvert.catalog;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** An IPv4 or IPv6 address as a value: 4 or 16 bytes. Parsing never asks a resolver. */
public final class IpAddress implements Comparable<IpAddress> {
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private final byte[] bytes;

    private IpAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    public static IpAddress of(byte[] bytes) {
        if (bytes.length != IPV4_BYTES && bytes.length != IPV6_BYTES) {
            throw new IllegalArgumentException("address: " + bytes.length + " bytes (expected: 4 or 16)");
        }
        return new IpAddress(bytes.clone());
    }

    /** An IPv4 address from its number in network order. */
    public static IpAddress ofIpv4(int number) {
        return new IpAddress(
                new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
    }

    /** Reads a literal; throws {@link IllegalArgumentException} for everything else, host names included. */
    public static IpAddress parse(String text) {
        return tryParse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "address: '" + text + "' (expected: an IPv4 or IPv6 address such as 10.0.0.7 or fd00::7)"));
    }

    public static Optional<IpAddress> tryParse(String text) {
        byte[] bytes = text.indexOf(':') >= 0 ? Ipv6Text.parse(text) : Ipv4Text.parse(text);
        return bytes.length == 0 ? Optional.empty() : Optional.of(new IpAddress(bytes));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public boolean isIpv4() {
        return bytes.length == IPV4_BYTES;
    }

    /** The number of an IPv4 address in network order. */
    public int toIpv4Number() {
        if (!isIpv4()) {
            throw new IllegalStateException("not an IPv4 address: " + this);
        }
        return (bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
    }

    /** 0.0.0.0 or :: */
    public boolean isUnspecified() {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    public boolean isLoopback() {
        return isIpv4() ? bytes[0] == 127 : equals(parse("::1"));
    }

    /** 8 or 32 hexadecimal digits, as in Consul's {@code .addr} names. */
    public String toHex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public int compareTo(IpAddress other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return isIpv4() ? Ipv4Text.format(bytes) : Ipv6Text.format(bytes);
    }
}
