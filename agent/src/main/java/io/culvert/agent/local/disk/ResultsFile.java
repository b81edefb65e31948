package io.culvert.agent.local.disk;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.local.json.InputRefused;
import io.culvert.agent.local.json.JsonObject;
import io.culvert.catalog.CheckStatus;
import io.culvert.health.RestoredStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/** The form in which results of checks are kept. */
final class ResultsFile {
    private ResultsFile() {}

    static void write(JsonGenerator json, Map<String, RestoredStatus> results) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("Checks");
        for (Map.Entry<String, RestoredStatus> entry : results.entrySet()) {
            RestoredStatus result = entry.getValue();
            json.writeObjectFieldStart(entry.getKey());
            json.writeStringField("Fingerprint", result.fingerprint());
            json.writeStringField("Status", result.status().word());
            json.writeStringField("Output", result.output());
            json.writeStringField("Since", result.since().toString());
            json.writeStringField(
                    "LastRun", result.lastRun().map(Instant::toString).orElse(""));
            json.writeNumberField("LastDuration", result.lastDuration().toNanos());
            json.writeNumberField("Successes", result.successes());
            json.writeNumberField("Failures", result.failures());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    static void read(JsonObject json, Map<String, RestoredStatus> loaded) throws InputRefused {
        for (Map.Entry<String, JsonObject> entry : json.objectMap("Checks").entrySet()) {
            loaded.put(entry.getKey(), readOne(entry.getValue()));
        }
        json.finish();
    }

    private static RestoredStatus readOne(JsonObject json) throws InputRefused {
        String word = json.text("Status");
        CheckStatus status =
                CheckStatus.ofWord(word).orElseThrow(() -> InputRefused.invalid("unknown status '" + word + "'"));
        String lastRun = json.text("LastRun");
        RestoredStatus result = new RestoredStatus(
                json.text("Fingerprint"),
                status,
                json.text("Output"),
                instant(json.text("Since")),
                lastRun.isEmpty() ? Optional.empty() : Optional.of(instant(lastRun)),
                Duration.ofNanos(json.number("LastDuration").orElse(0)),
                json.number("Successes", 0, 0, Integer.MAX_VALUE),
                json.number("Failures", 0, 0, Integer.MAX_VALUE));
        json.finish();
        return result;
    }

    private static Instant instant(String text) throws InputRefused {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw InputRefused.invalid("not a point in time: '" + text + "'");
        }
    }
}
