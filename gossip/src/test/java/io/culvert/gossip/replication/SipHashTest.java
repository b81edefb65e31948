package io.culvert.gossip.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Vectors of the authors' reference implementation: key 00 to 0f, message 00, 01, 02, ... of the given length. */
class SipHashTest {
    private final SipHash hash = new SipHash(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});

    @Test
    void hashes_are_those_of_the_reference_implementation() {
        assertThat(hash.hash()).isEqualTo(0x726fdb47dd0e0e31L);
        assertThat(hash.hash(0x0706050403020100L)).isEqualTo(0x93f5f5799a932462L);
        assertThat(hash.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L)).isEqualTo(0x3f2acc7f57c29bdbL);
    }
}
