package io.culvert.agent.rpc;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.culvert.agent.rpc.wire.RpcCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Messages as JSON, strictly: only into the record that is asked for, never a type that the sender names; unknown,
 * doubled and missing fields are errors, and so is null. What a message may hold: {@link RecordJson}.
 */
public final class RpcJson {
    private static final int DEEPEST = 12;
    private static final int LONGEST_NUMBER = 24;
    private static final int LONGEST_NAME = 128;

    private static final JsonFactory WIRE = factory(RpcCodec.LONGEST_FRAME);
    private static final JsonFactory FILES = factory(Integer.MAX_VALUE);

    private RpcJson() {}

    private static JsonFactory factory(int longest) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxNameLength(LONGEST_NAME)
                        .maxStringLength(RpcCodec.LONGEST_FRAME)
                        .maxDocumentLength(longest)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    /** @throws IllegalArgumentException if {@code message} is no record, or holds what no message may hold */
    public static byte[] write(Object message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = WIRE.createGenerator(bytes, JsonEncoding.UTF8)) {
            RecordJson.of(message.getClass()).write(json, message);
        } catch (IOException e) {
            throw new IllegalArgumentException(message.getClass().getSimpleName() + " cannot be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    /** Reads a record; the message of the exception names what is wrong, without quoting the content. */
    public static <T> T read(byte[] json, Class<T> type) throws MalformedMessage {
        return read(WIRE, json, type);
    }

    /** The same for our own files, whose length the caller bounds: a server's may be longer than any message. */
    public static <T> T readFile(byte[] json, Class<T> type) throws MalformedMessage {
        return read(FILES, json, type);
    }

    private static <T> T read(JsonFactory factory, byte[] bytes, Class<T> type) throws MalformedMessage {
        try (JsonParser json = factory.createParser(bytes)) {
            json.nextToken();
            T message = type.cast(RecordJson.of(type).read(json));
            if (json.nextToken() != null) {
                throw new MalformedMessage(type.getSimpleName() + ": more behind it");
            }
            return message;
        } catch (JsonProcessingException e) {
            throw new MalformedMessage(type.getSimpleName() + ": " + firstLine(e.getOriginalMessage()));
        } catch (MalformedMessage e) {
            throw e;
        } catch (JsonKind.Unexpected e) {
            throw new MalformedMessage(type.getSimpleName() + ": " + e.getMessage());
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
