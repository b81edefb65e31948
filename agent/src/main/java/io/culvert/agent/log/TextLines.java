package io.culvert.agent.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;

/** {@code 2026-11-22T11:00:00.000Z WARN  gossip: member suspected peer=10.0.0.7:8301 incarnation=3} */
final class TextLines extends EncoderBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);
    private static final String HOUSE = "io.culvert.";

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(event.getInstant(), line);
        line.append(' ').append(String.format("%-5s", event.getLevel())).append(' ');
        line.append(room(event.getLoggerName())).append(": ");
        clean(line, event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.append(' ').append(pair.key).append('=');
                value(line, String.valueOf(pair.value));
            }
        }
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** {@code io.culvert.gossip.membership.Prober} is {@code gossip} to a person. */
    static String room(String logger) {
        if (!logger.startsWith(HOUSE)) {
            return logger;
        }
        int end = logger.indexOf('.', HOUSE.length());
        return end < 0 ? logger.substring(HOUSE.length()) : logger.substring(HOUSE.length(), end);
    }

    private static void value(StringBuilder line, String value) {
        boolean quoted = value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '=');
        if (quoted) {
            line.append('"');
        }
        clean(line, quoted ? value.replace("\"", "\\\"") : value);
        if (quoted) {
            line.append('"');
        }
    }

    /** What peers and files say must not forge a second line or move the cursor of a terminal. */
    private static void clean(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line.append("\\n");
            } else if (Character.isISOControl(c)) {
                line.append('?');
            } else {
                line.append(c);
            }
        }
    }
}
