package io.culvert.cli.command;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Text inside JSON quotes. */
final class JsonText {
    private JsonText() {}

    static String escape(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
