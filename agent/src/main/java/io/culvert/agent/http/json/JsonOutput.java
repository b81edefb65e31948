package io.culvert.agent.http.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import io.culvert.agent.http.route.JsonBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Renders bodies as Go does: {@code <}, {@code >} and {@code &} escaped; pretty with four spaces and a final newline. */
public final class JsonOutput {
    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder().characterEscapes(new HtmlEscapes()).build();

    private static final DefaultPrettyPrinter PRETTY = new DefaultPrettyPrinter(new Separators(
                    Separators.DEFAULT_ROOT_VALUE_SEPARATOR,
                    ':',
                    Separators.Spacing.AFTER,
                    ',',
                    Separators.Spacing.NONE,
                    "",
                    ',',
                    Separators.Spacing.NONE,
                    ""))
            .withObjectIndenter(new DefaultIndenter("    ", "\n"))
            .withArrayIndenter(new DefaultIndenter("    ", "\n"));

    private JsonOutput() {}

    public static byte[] render(JsonBody body, boolean pretty) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(bytes, JsonEncoding.UTF8)) {
            if (pretty) {
                json.setPrettyPrinter(PRETTY.createInstance());
            }
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        if (pretty) {
            bytes.write('\n');
        }
        return bytes.toByteArray();
    }

    private static final class HtmlEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        private final int[] codes = standardAsciiEscapesForJSON();

        HtmlEscapes() {
            for (char c : new char[] {'<', '>', '&'}) {
                codes[c] = ESCAPE_CUSTOM; // Go writes the digits in lower case
            }
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return codes.clone();
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            return new SerializedString(String.format("\\u%04x", character));
        }
    }
}
