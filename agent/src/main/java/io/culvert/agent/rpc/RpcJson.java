package io.culvert.agent.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.culvert.agent.rpc.wire.RpcCodec;
import java.io.IOException;

/**
 * Messages as JSON, strictly: only into the record that is asked for, never a type that the sender names; unknown,
 * doubled and missing fields are errors, and so is null.
 */
public final class RpcJson {
    private static final int DEEPEST = 12;
    private static final int LONGEST_NUMBER = 24;
    private static final int LONGEST_NAME = 128;

    private static final JsonMapper WIRE = mapper(RpcCodec.LONGEST_FRAME);
    private static final JsonMapper FILES = mapper(Integer.MAX_VALUE);

    private RpcJson() {}

    private static JsonMapper mapper(int longest) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(DEEPEST)
                                .maxNumberLength(LONGEST_NUMBER)
                                .maxNameLength(LONGEST_NAME)
                                .maxStringLength(RpcCodec.LONGEST_FRAME)
                                .maxDocumentLength(longest)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .build();
    }

    public static byte[] write(Object message) {
        try {
            return WIRE.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(message.getClass().getSimpleName() + " cannot be written as JSON", e);
        }
    }

    /** Reads a record; the message of the exception names what is wrong, without quoting the content. */
    public static <T> T read(byte[] json, Class<T> type) throws MalformedMessage {
        return read(WIRE, json, type);
    }

    /** The same for our own files, whose length the caller bounds: a server's may be longer than any message. */
    public static <T> T readFile(byte[] json, Class<T> type) throws MalformedMessage {
        return read(FILES, json, type);
    }

    private static <T> T read(JsonMapper mapper, byte[] json, Class<T> type) throws MalformedMessage {
        try {
            T value = mapper.readValue(json, type);
            if (value == null) {
                throw new MalformedMessage(type.getSimpleName() + ": null");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new MalformedMessage(type.getSimpleName() + ": " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new MalformedMessage(type.getSimpleName() + ": not UTF-8 JSON");
        }
    }

    /** Bytes that are not the message they should be. */
    public static final class MalformedMessage extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedMessage(String message) {
            super(message);
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("malformed");
    }
}
