package io.culvert.testbed.simulator;

import java.util.zip.CRC32C;

/** Stands in for the tag of an AEAD cipher: whoever changes a byte is found out, at the cost of a checksum. */
final class Checksum {
    private final CRC32C checksum = new CRC32C();

    int of(byte[] bytes, int from, int length) {
        checksum.reset();
        checksum.update(bytes, from, length);
        return (int) checksum.getValue();
    }
}
