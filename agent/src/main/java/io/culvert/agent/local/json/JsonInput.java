package io.culvert.agent.local.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON document into maps, lists, strings, numbers ({@link BigDecimal}), booleans and {@link #NULL}. Depth,
 * lengths and number sizes are bounded before anything is built; the caller bounds the document.
 */
public final class JsonInput {
    /** Stands for {@code null}, which means "absent" everywhere in Consul's API. */
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    /** The deepest document that Consul's clients send (service, connect, sidecar, proxy, upstreams, config) has 10. */
    private static final int DEEPEST = 32;

    /** Longest key, string and number: the key of a meta pair has 128, a check's body is the longest string. */
    private static final int LONGEST_NAME = 1_024;

    private static final int LONGEST_STRING = 1 << 20;
    private static final int LONGEST_NUMBER = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNameLength(LONGEST_NAME)
                    .maxStringLength(LONGEST_STRING)
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .build();

    private JsonInput() {}

    /** The object in {@code document}; anything else, and anything after it, is refused. */
    public static JsonObject object(byte[] document) throws InputRefused {
        Object value = value(document);
        if (!(value instanceof Map<?, ?>)) {
            throw InputRefused.decode("json: " + kind(value) + " (expected: an object)");
        }
        return JsonObject.of("", value);
    }

    private static Object value(byte[] document) throws InputRefused {
        try (JsonParser parser = FACTORY.createParser(document)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw InputRefused.decode("EOF (expected: a JSON object)");
            }
            Object value = read(parser, first);
            if (parser.nextToken() != null) {
                throw InputRefused.decode("json: more than one document");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw InputRefused.decode("json: " + e.getOriginalMessage() + place(e.getLocation()));
        } catch (IOException e) {
            throw InputRefused.decode("json: " + e.getMessage());
        }
    }

    /** Bounds that are passed are reported without a place. */
    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static Object read(JsonParser parser, JsonToken token) throws IOException {
        switch (token) {
            case START_OBJECT:
                return readObject(parser);
            case START_ARRAY:
                return readArray(parser);
            case VALUE_STRING:
                return parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT:
                return parser.getDecimalValue();
            case VALUE_TRUE:
                return Boolean.TRUE;
            case VALUE_FALSE:
                return Boolean.FALSE;
            default:
                return NULL;
        }
    }

    /** Of a key that stands twice the last one counts, as in Go. */
    private static Map<String, Object> readObject(JsonParser parser) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            fields.put(name, read(parser, parser.nextToken()));
        }
        return fields;
    }

    private static List<Object> readArray(JsonParser parser) throws IOException {
        List<Object> elements = new ArrayList<>();
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            elements.add(read(parser, token));
            token = parser.nextToken();
        }
        return elements;
    }

    static String kind(Object value) {
        if (value instanceof Map<?, ?>) {
            return "an object";
        }
        if (value instanceof List<?>) {
            return "an array";
        }
        if (value instanceof String) {
            return "a string";
        }
        if (value instanceof BigDecimal) {
            return "a number";
        }
        return value instanceof Boolean ? "a boolean" : "null";
    }
}
