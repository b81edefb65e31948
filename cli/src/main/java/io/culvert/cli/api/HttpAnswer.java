package io.culvert.cli.api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An HTTP/1.1 answer, read from a connection that serves one request (RFC 9112).
 *
 * @param headers by lower-case name
 */
record HttpAnswer(int status, Map<String, String> headers, String body) {
    /** The largest answer taken: a catalogue of some ten thousand hosts. */
    private static final int LARGEST_BODY = 256 * 1024 * 1024;

    private static final int LONGEST_LINE = 64 * 1024;

    static HttpAnswer read(InputStream raw) throws IOException {
        InputStream in = new BufferedInputStream(raw);
        String[] start = line(in).split(" ", 3);
        if (start.length < 2 || !start[0].startsWith("HTTP/1.") || !start[1].matches("[0-9]{3}")) {
            throw new IOException("the answer is not HTTP: " + String.join(" ", start));
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        int status = Integer.parseInt(start[1]);
        return new HttpAnswer(status, headers, new String(body(in, headers), StandardCharsets.UTF_8));
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return chunks(in);
        }
        String length = headers.get("content-length");
        if (length == null) {
            return in.readNBytes(LARGEST_BODY);
        }
        return exactly(in, bounded(Long.parseLong(length)));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = bounded(Long.parseLong(line(in).split(";", 2)[0].strip(), 16));
            if (size == 0) {
                return body.toByteArray();
            }
            bounded((long) body.size() + size);
            body.write(exactly(in, size));
            line(in);
        }
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private static int bounded(long size) throws IOException {
        if (size < 0 || size > LARGEST_BODY) {
            throw new IOException("an answer of " + size + " bytes (at most " + LARGEST_BODY + " are taken)");
        }
        return (int) size;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection was closed in the middle of the answer");
            }
            if (line.length() > LONGEST_LINE) {
                throw new IOException("a header line of more than " + LONGEST_LINE + " bytes");
            }
            line.append((char) c);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }
}
