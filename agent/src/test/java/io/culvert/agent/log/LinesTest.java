package io.culvert.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LinesTest {
    private static LoggingEvent event(String message, KeyValuePair... pairs) {
        Logger logger = new LoggerContext().getLogger("io.culvert.gossip.membership.Prober");
        LoggingEvent event = new LoggingEvent("", logger, Level.WARN, message, null, null);
        event.setInstant(Instant.parse("2026-11-22T11:00:00Z"));
        for (KeyValuePair pair : pairs) {
            event.addKeyValuePair(pair);
        }
        return event;
    }

    @Test
    void a_line_for_people_names_the_room_the_event_and_its_fields() {
        byte[] line = new TextLines().encode(event("member suspected", new KeyValuePair("peer", "10.0.0.7:8301")));
        assertThat(new String(line, StandardCharsets.UTF_8))
                .isEqualTo("2026-11-22T11:00:00.000Z WARN  gossip: member suspected peer=10.0.0.7:8301\n");
    }

    @Test
    void what_a_peer_says_cannot_forge_a_second_line() {
        byte[] line =
                new TextLines().encode(event("refused\nroot logged in", new KeyValuePair("why", "a\nb \u001b[2J\"c")));
        assertThat(new String(line, StandardCharsets.UTF_8))
                .endsWith(": refused\\nroot logged in why=\"a\\nb ?[2J\\\"c\"\n")
                .hasLineCount(1);
    }

    @Test
    void a_line_for_machines_is_one_flat_object_with_typed_fields() throws IOException {
        LoggingEvent event =
                event("member suspected", new KeyValuePair("peer", "a\nb"), new KeyValuePair("incarnation", 3L));
        JsonNode line = new ObjectMapper().readTree(new JsonLines().encode(event));
        assertThat(line.get("event").asText()).isEqualTo("member suspected");
        assertThat(line.get("peer").asText()).isEqualTo("a\nb");
        assertThat(line.get("incarnation").isNumber()).isTrue();
        assertThat(line.get("room").asText()).isEqualTo("gossip");
    }
}
