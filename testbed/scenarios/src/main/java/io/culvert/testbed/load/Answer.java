package io.culvert.testbed.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The answer to one question: a line {@code SERVICE HOST NUMBER LENGTH}, then that many bytes which follow from service and
 * number. A client can tell another service's answer, another stream's, and one that ends early.
 */
record Answer(String service, String host, long number, int length) {
    private static final int LONGEST_LINE = 200;

    void writeTo(OutputStream out) throws IOException {
        out.write((service + " " + host + " " + number + " " + length + "\n").getBytes(StandardCharsets.US_ASCII));
        SplittableRandom bytes = bytes();
        byte[] chunk = new byte[16 * 1024];
        for (int sent = 0; sent < length; sent += chunk.length) {
            bytes.nextBytes(chunk);
            out.write(chunk, 0, Math.min(chunk.length, length - sent));
        }
        out.flush();
    }

    /** Whether what follows the line in {@code body} is exactly this answer's bytes. */
    boolean hasBody(byte[] body) {
        if (body.length != length) {
            return false;
        }
        SplittableRandom bytes = bytes();
        byte[] chunk = new byte[16 * 1024];
        for (int seen = 0; seen < length; seen += chunk.length) {
            bytes.nextBytes(chunk);
            int size = Math.min(chunk.length, length - seen);
            if (java.util.Arrays.mismatch(body, seen, seen + size, chunk, 0, size) >= 0) {
                return false;
            }
        }
        return true;
    }

    static Answer readLine(InputStream in) throws IOException {
        String[] words = line(in).split(" ");
        if (words.length != 4) {
            throw new IOException("no answer: " + words.length + " words");
        }
        return new Answer(words[0], words[1], Long.parseLong(words[2]), Integer.parseInt(words[3]));
    }

    static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.size() > LONGEST_LINE) {
                throw new IOException("the line ended after " + line.size() + " bytes");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    private SplittableRandom bytes() {
        return new SplittableRandom(number * 31 + service.hashCode());
    }
}
