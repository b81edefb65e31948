package io.culvert.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Property;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcHealthMessageTest {
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @CsvSource({
        "'', 0000000000",
        "a, 00000000030a0161",
        "shop, 00000000060a0473686f70",
    })
    void a_request_is_framed_as_protobuf_says(String service, String bytes) {
        assertThat(HEX.formatHex(GrpcHealthMessage.request(service))).isEqualTo(bytes);
    }

    @Test
    void a_long_service_name_has_a_length_of_two_bytes() {
        assertThat(HEX.formatHex(GrpcHealthMessage.request("x".repeat(200)))).startsWith("00000000cb0ac80178");
    }

    @ParameterizedTest
    @CsvSource({
        "0000000000, 0",
        "00000000020801, 1",
        "00000000020802, 2",
        "00000000020803, 3",
        "0000000003088001, 128",
        "000000000408010802, 2",
        "00000000051203616263, 0",
        "00000000071203616263 0801, 1",
        "000000000b 1100000000000000 00 0801, 1",
        "0000000007 1500000000 0801, 1",
        "0000000004 1801 0801, 1",
    })
    void later_values_win_and_unknown_fields_are_skipped(String framed, long status) {
        OptionalLong parsed = GrpcHealthMessage.parseStatus(HEX.parseHex(framed.replace(" ", "")));
        assertThat(parsed).isEqualTo(status < 0 ? OptionalLong.empty() : OptionalLong.of(status));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00000000",
                "0100000000",
                "0000000001",
                "000000000108",
                "00000000020880",
                "000000000c08ffffffffffffffffffff01",
                "000000000300ff01",
                "00000000020b00",
                "000000000312ff01",
                "0000000006 12ffffffff0f",
                "ffffffffff0801",
            })
    void anything_else_is_no_answer(String framed) {
        assertThat(GrpcHealthMessage.parseStatus(HEX.parseHex(framed.replace(" ", ""))))
                .isEmpty();
    }

    @Test
    void random_bytes_are_read_or_refused_but_never_throw() {
        Property.forSeeds(20_000, random -> {
            byte[] body = Property.bytes(random, random.nextInt(30));
            ByteArrayOutputStream framed = new ByteArrayOutputStream();
            framed.writeBytes(new byte[] {0, 0, 0, 0, (byte) body.length});
            framed.writeBytes(body);
            assertThat(GrpcHealthMessage.parseStatus(framed.toByteArray())).isNotNull();
            assertThat(GrpcHealthMessage.parseStatus(body)).isNotNull();
        });
    }
}
