package io.culvert.agent.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a value of one Java type is written as JSON, and read from exactly that form. */
interface JsonKind {
    void write(JsonGenerator json, Object value) throws IOException;

    /**
     * Reads the value that begins at the present token, and leaves the parser at its last one.
     *
     * @throws Unexpected if it is of another form
     */
    Object read(JsonParser json) throws IOException;

    /** JSON of another form than the message's; the message does not quote what was found. */
    final class Unexpected extends IOException {
        private static final long serialVersionUID = 1L;

        Unexpected(String message) {
            super(message);
        }
    }

    /** @throws IllegalArgumentException for a type that no message may have */
    static JsonKind of(Type type) {
        if (type instanceof ParameterizedType generic) {
            if (generic.getRawType() == List.class) {
                return new Sequence(RecordJson.last(generic));
            }
            if (generic.getRawType() == Map.class && generic.getActualTypeArguments()[0] == String.class) {
                return new Table(RecordJson.last(generic));
            }
        } else if (type instanceof Class<?> plain) {
            if (plain.isRecord()) {
                return RecordJson.of(plain);
            }
            if (plain.isEnum()) {
                return new Choice(plain);
            }
            for (Scalar scalar : Scalar.values()) {
                if (scalar.type == plain) {
                    return scalar;
                }
            }
        }
        throw new IllegalArgumentException(
                "a message cannot have a " + type + " (expected: String, int, long, boolean, byte[], an enum, a record,"
                        + " a List of these, or a Map of these by String)");
    }

    static void expect(JsonParser json, JsonToken wanted, String what) throws IOException {
        if (json.currentToken() != wanted) {
            throw new Unexpected(
                    (json.currentToken() == null ? "nothing" : json.currentToken()) + " instead of " + what);
        }
    }

    /** Values that are one token. */
    enum Scalar implements JsonKind {
        TEXT(String.class) {
            @Override
            public void write(JsonGenerator json, Object value) throws IOException {
                json.writeString((String) value);
            }

            @Override
            public Object read(JsonParser json) throws IOException {
                expect(json, JsonToken.VALUE_STRING, "a text");
                return json.getText();
            }
        },
        INT(int.class) {
            @Override
            public void write(JsonGenerator json, Object value) throws IOException {
                json.writeNumber((int) value);
            }

            @Override
            public Object read(JsonParser json) throws IOException {
                expect(json, JsonToken.VALUE_NUMBER_INT, "a whole number");
                return json.getIntValue();
            }
        },
        LONG(long.class) {
            @Override
            public void write(JsonGenerator json, Object value) throws IOException {
                json.writeNumber((long) value);
            }

            @Override
            public Object read(JsonParser json) throws IOException {
                expect(json, JsonToken.VALUE_NUMBER_INT, "a whole number");
                return json.getLongValue();
            }
        },
        FLAG(boolean.class) {
            @Override
            public void write(JsonGenerator json, Object value) throws IOException {
                json.writeBoolean((boolean) value);
            }

            @Override
            public Object read(JsonParser json) throws IOException {
                boolean set = json.currentToken() == JsonToken.VALUE_TRUE;
                if (!set) {
                    expect(json, JsonToken.VALUE_FALSE, "true or false");
                }
                return set;
            }
        },
        BYTES(byte[].class) {
            @Override
            public void write(JsonGenerator json, Object value) throws IOException {
                json.writeBinary((byte[]) value);
            }

            @Override
            public Object read(JsonParser json) throws IOException {
                expect(json, JsonToken.VALUE_STRING, "bytes in base64");
                return json.getBinaryValue();
            }
        };

        private final Class<?> type;

        Scalar(Class<?> type) {
            this.type = type;
        }
    }

    /** One of an enum's constants, by name. */
    record Choice(Class<?> type) implements JsonKind {
        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeString(((Enum<?>) value).name());
        }

        @Override
        public Object read(JsonParser json) throws IOException {
            expect(json, JsonToken.VALUE_STRING, "one of " + Arrays.toString(type.getEnumConstants()));
            String name = json.getText();
            for (Object constant : type.getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(name)) {
                    return constant;
                }
            }
            throw new Unexpected("none of " + Arrays.toString(type.getEnumConstants()));
        }
    }

    /** A list. */
    record Sequence(JsonKind element) implements JsonKind {
        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeStartArray();
            for (Object one : (List<?>) value) {
                element.write(json, one);
            }
            json.writeEndArray();
        }

        @Override
        public Object read(JsonParser json) throws IOException {
            expect(json, JsonToken.START_ARRAY, "a list");
            List<Object> elements = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                elements.add(element.read(json));
            }
            return elements;
        }
    }

    /** Values by text. */
    record Table(JsonKind element) implements JsonKind {
        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                json.writeFieldName((String) entry.getKey());
                element.write(json, entry.getValue());
            }
            json.writeEndObject();
        }

        @Override
        public Object read(JsonParser json) throws IOException {
            expect(json, JsonToken.START_OBJECT, "a table");
            Map<String, Object> values = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                values.put(name, element.read(json));
            }
            return values;
        }
    }
}
