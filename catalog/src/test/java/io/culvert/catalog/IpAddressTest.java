package io.culvert.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.testbed.kit.Property;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.7",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "fe80::1:0, fe80::1:0",
        "::ffff:10.1.2.3, ::ffff:a01:203",
        "1::, 1::",
    })
    void a_literal_is_read_and_written_in_its_one_short_form(String text, String written) {
        assertThat(IpAddress.parse(text)).hasToString(written);
        assertThat(IpAddress.parse(written)).isEqualTo(IpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4 ",
                "a.b.c.d",
                "localhost",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8",
                "12345::",
                "::1.2.3",
                "fe80::1%eth0",
                "1.2.3.4::",
                "g::",
            })
    void anything_else_is_refused(String text) {
        assertThat(IpAddress.tryParse(text)).isEmpty();
        assertThatThrownBy(() -> IpAddress.parse(text)).hasMessageContaining("'" + text + "'");
    }

    @Test
    void every_address_survives_writing_and_reading_and_means_the_same_to_the_platform() {
        Property.forSeeds(200, random -> {
            byte[] bytes = Property.bytes(random, random.nextBoolean() ? 4 : 16);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(3) == 0 ? bytes[i] : 0; // runs of zeros are the hard part
            }
            IpAddress address = IpAddress.of(bytes);
            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
            try {
                byte[] platform = InetAddress.getByName(address.toString()).getAddress();
                boolean mapped = platform.length != bytes.length; // ::ffff:a.b.c.d becomes IPv4 there
                assertThat(mapped || java.util.Arrays.equals(platform, bytes)).isTrue();
            } catch (UnknownHostException e) {
                throw new AssertionError(address.toString(), e);
            }
        });
    }
}
