package io.culvert.agent.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.culvert.agent.rpc.RpcJson.MalformedMessage;
import io.culvert.testbed.kit.Property;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RpcJsonTest {
    private static final String GOOD = "{\"name\":\"web\",\"port\":80,\"tags\":[\"a\"]}";

    record Message(String name, int port, List<String> tags) {
        Message {
            tags = List.copyOf(tags);
            if (port > 65_535) {
                throw new IllegalArgumentException("port: " + port + " (expected: at most 65535)");
            }
        }
    }

    @Test
    void a_record_comes_back_as_it_was() throws MalformedMessage {
        Message message = new Message("web", 80, List.of("a"));
        assertThat(RpcJson.read(RpcJson.write(message), Message.class)).isEqualTo(message);
        assertThat(new String(RpcJson.write(message), StandardCharsets.UTF_8)).isEqualTo(GOOD);
    }

    enum Colour {
        RED,
        BLUE
    }

    private record Inner(Colour colour) {}

    private record Everything(
            String text,
            int small,
            long large,
            boolean flag,
            List<byte[]> blobs,
            List<Inner> inner,
            Map<String, String> table) {}

    private static Everything everything() {
        return new Everything(
                "\u00e9\"\n",
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                true,
                List.of(new byte[] {0, -1}, new byte[0]),
                List.of(new Inner(Colour.BLUE)),
                Map.of("k", "v"));
    }

    @Test
    void every_kind_of_component_comes_back_and_a_general_binding_reads_the_same() throws Exception {
        byte[] json = RpcJson.write(everything());

        assertThat(RpcJson.read(json, Everything.class))
                .usingRecursiveComparison()
                .isEqualTo(everything());
        assertThat(new ObjectMapper().readTree(json).at("/inner/0/colour").textValue())
                .isEqualTo("BLUE");
        assertThat(new ObjectMapper().readTree(json).at("/blobs/0").binaryValue())
                .containsExactly(0, -1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"large\":9223372036854775807|\"large\":9223372036854775808",
                "\"small\":-2147483648|\"small\":-2147483649",
                "\"flag\":true|\"flag\":\"true\"",
                "\"flag\":true|\"flag\":1",
                "\"AP8=\"|\"A P8\"",
                "\"BLUE\"|\"blue\"",
                "\"BLUE\"|1",
                "\"v\"|null",
                "{\"k\"|[\"k\"",
                "{\"colour\":\"BLUE\"}|{\"colour\":\"BLUE\",\"colour\":\"RED\"}",
                "{\"colour\":\"BLUE\"}|{}",
            })
    void a_value_of_another_form_is_refused(String right, String wrong) {
        String json = new String(RpcJson.write(everything()), StandardCharsets.UTF_8);
        assertThat(json).contains(right);

        assertThatThrownBy(() ->
                        RpcJson.read(json.replace(right, wrong).getBytes(StandardCharsets.UTF_8), Everything.class))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageStartingWith("Everything: ");
    }

    private record Clock(java.time.Instant at) {}

    @Test
    void what_no_message_may_hold_is_a_mistake_of_ours() {
        assertThatThrownBy(() -> RpcJson.write(new Clock(java.time.Instant.EPOCH)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a message cannot have a class java.time.Instant");
        assertThatThrownBy(() -> RpcJson.write("text")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"name\":\"web\",\"port\":80}",
                "{\"name\":null,\"port\":80,\"tags\":[]}",
                "{\"name\":\"web\",\"port\":null,\"tags\":[]}",
                "{\"name\":\"web\",\"port\":\"80\",\"tags\":[]}",
                "{\"name\":\"web\",\"port\":80.5,\"tags\":[]}",
                "{\"name\":\"web\",\"port\":80,\"tags\":[null]}",
                "{\"name\":\"web\",\"port\":80,\"tags\":[],\"more\":1}",
                "{\"name\":\"web\",\"name\":\"db\",\"port\":80,\"tags\":[]}",
                "{\"name\":\"web\",\"port\":80,\"tags\":[]} {}",
                "{\"name\":\"web\",\"port\":99999999999999999999999999999,\"tags\":[]}",
                "{\"name\":\"web\",\"port\":70000,\"tags\":[]}",
                "{\"@class\":\"java.net.URL\",\"name\":\"web\",\"port\":80,\"tags\":[]}",
            })
    void anything_but_the_message_is_refused(String json) {
        assertThatThrownBy(() -> RpcJson.read(json.getBytes(StandardCharsets.UTF_8), Message.class))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void deep_nesting_is_refused() {
        byte[] deep = ("{\"tags\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> RpcJson.read(deep, Message.class)).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void damaged_bytes_are_a_message_or_refused_and_nothing_else() {
        Property.forSeeds(3_000, random -> {
            byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_8);
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(RpcJson.read(bytes, Message.class).port()).isLessThanOrEqualTo(65_535);
            } catch (MalformedMessage refused) {
                assertThat(refused.getMessage()).startsWith("Message: ");
            }
        });
    }
}
