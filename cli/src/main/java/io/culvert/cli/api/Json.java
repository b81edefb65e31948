package io.culvert.cli.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value that is asked leniently: what is absent, null or of another type reads as empty. */
public final class Json {
    private final @Nullable Object value;

    /** As it was written: nothing here calculates. */
    private record Number(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    private Json(@Nullable Object value) {
        this.value = value;
    }

    static Json parse(JsonFactory factory, String text) throws IOException {
        try (JsonParser parser = factory.createParser(text)) {
            JsonToken first = parser.nextToken();
            return new Json(first == null ? null : value(parser, first));
        }
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_NULL -> null;
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Number(parser.getText());
            default -> parser.getText();
        };
    }

    private static Map<String, Json> object(JsonParser parser) throws IOException {
        Map<String, Json> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            fields.put(name, new Json(value(parser, parser.nextToken())));
        }
        return fields;
    }

    private static List<Json> array(JsonParser parser) throws IOException {
        List<Json> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(new Json(value(parser, token)));
        }
        return elements;
    }

    /** A field of an object; an empty value when there is none. */
    public Json at(String name) {
        return value instanceof Map<?, ?> fields && fields.get(name) instanceof Json field ? field : new Json(null);
    }

    /** The elements of a list, or the values of an object. */
    public List<Json> elements() {
        List<Json> elements = new ArrayList<>();
        Iterable<?> from =
                value instanceof List<?> list ? list : value instanceof Map<?, ?> map ? map.values() : List.of();
        for (Object element : from) {
            elements.add(element instanceof Json json ? json : new Json(element));
        }
        return elements;
    }

    /** The fields of an object, in order. */
    public Map<String, Json> fields() {
        Map<String, Json> fields = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, field) -> {
                if (field instanceof Json json) {
                    fields.put(String.valueOf(name), json);
                }
            });
        }
        return fields;
    }

    /** Texts and numbers as written, true and false; empty for everything else. */
    public String text() {
        return value instanceof String || value instanceof Boolean || value instanceof Number ? value.toString() : "";
    }

    public boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }

    /** A whole number; 0 when it is none. */
    public long number() {
        String text = text();
        return text.matches("-?[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /** A list of some of the elements of another one, as JSON. */
    public static String list(List<Json> elements) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartArray();
            for (Json element : elements) {
                element.write(out);
            }
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private void write(JsonGenerator out) throws IOException {
        if (value instanceof Map<?, ?>) {
            out.writeStartObject();
            for (Map.Entry<String, Json> field : fields().entrySet()) {
                out.writeFieldName(field.getKey());
                field.getValue().write(out);
            }
            out.writeEndObject();
        } else if (value instanceof List<?>) {
            out.writeStartArray();
            for (Json element : elements()) {
                element.write(out);
            }
            out.writeEndArray();
        } else if (value instanceof Number number) {
            out.writeNumber(number.text());
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value == null) {
            out.writeNull();
        } else {
            out.writeString(value.toString());
        }
    }

    /** Texts of a list, joined. */
    public String joined() {
        return String.join(",", elements().stream().map(Json::text).toList());
    }
}
