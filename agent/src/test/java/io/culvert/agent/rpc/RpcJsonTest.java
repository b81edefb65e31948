package io.culvert.agent.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.agent.rpc.RpcJson.MalformedMessage;
import io.culvert.testbed.kit.Property;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
