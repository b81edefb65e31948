package io.culvert.catalog;

/**
 * A range of 127.0.0.0/8 that service names are mapped into.
 *
 * @param network first address
 * @param prefixLength 9 to 24
 */
public record LoopbackPool(IpAddress network, int prefixLength) {
    /** 127.64.0.0/10: four million addresses, far from 127.0.0.1. */
    public static final LoopbackPool DEFAULT = new LoopbackPool(IpAddress.parse("127.64.0.0"), 10);

    public LoopbackPool {
        String text = network + "/" + prefixLength;
        if (!network.isIpv4() || !network.isLoopback() || prefixLength < 9 || prefixLength > 24) {
            throw new IllegalArgumentException(
                    "loopback pool: " + text + " (expected: a range inside 127.0.0.0/8 with a prefix of 9 to 24)");
        }
        if ((network.toIpv4Number() & mask(prefixLength)) != network.toIpv4Number()) {
            throw new IllegalArgumentException("loopback pool: " + text + " (the address has bits beyond the prefix)");
        }
        // 127.0.0.0/16 holds localhost and what distributions put beside it.
        if ((network.toIpv4Number() & 0xffff0000) == 0x7f000000 || network.toIpv4Number() == 0x7f000000) {
            throw new IllegalArgumentException("loopback pool: " + text + " (must not contain 127.0.0.0/16)");
        }
    }

    /** Reads {@code 127.64.0.0/10}. */
    public static LoopbackPool parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,2}")) {
            throw new IllegalArgumentException("loopback pool: '" + text + "' (expected: such as 127.64.0.0/10)");
        }
        return new LoopbackPool(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** Number of addresses. */
    public int size() {
        return 1 << (32 - prefixLength);
    }

    public boolean contains(IpAddress address) {
        return address.isIpv4() && (address.toIpv4Number() & mask(prefixLength)) == network.toIpv4Number();
    }

    IpAddress at(int offset) {
        return IpAddress.ofIpv4(network.toIpv4Number() + offset);
    }

    private static int mask(int prefixLength) {
        return -1 << (32 - prefixLength);
    }

    @Override
    public String toString() {
        return network + "/" + prefixLength;
    }
}
