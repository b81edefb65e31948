package io.culvert.agent.http.route;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The target of a request line, decoded.
 *
 * @param path begins with a slash; percent-encoding is undone, so that a key may hold any character
 */
public record Target(String path, Map<String, List<String>> query) {
    /** More than any client sends: {@code tag}, {@code node-meta} and {@code name} repeat. */
    private static final int MOST_PARAMETERS = 256;

    /** Reads origin form and absolute form (RFC 9112 section 3.2). */
    public static Target parse(String target) throws ApiRefusal {
        String origin = target;
        if (!target.startsWith("/")) {
            int scheme = target.indexOf("://");
            int slash = scheme < 0 ? -1 : target.indexOf('/', scheme + 3);
            if (scheme < 0) {
                throw ApiRefusal.badRequest("Bad request: the target '" + printable(target) + "' is no path");
            }
            origin = slash < 0 ? "/" : target.substring(slash);
        }
        int mark = origin.indexOf('?');
        String path = decode(mark < 0 ? origin : origin.substring(0, mark), false, 400);
        if (path.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw ApiRefusal.badRequest("Bad request: the path has characters that do not print");
        }
        return new Target(path, mark < 0 ? Map.of() : query(origin.substring(mark + 1)));
    }

    /** Consul answers a malformed query with 500. */
    private static Map<String, List<String>> query(String text) throws ApiRefusal {
        Map<String, List<String>> query = new LinkedHashMap<>();
        int count = 0;
        for (String pair : text.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > MOST_PARAMETERS) {
                throw ApiRefusal.badRequest("Bad request: more than " + MOST_PARAMETERS + " query parameters");
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals), true, 500);
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true, 500);
            query.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
        }
        return query;
    }

    private static String decode(String text, boolean plusIsSpace, int status) throws ApiRefusal {
        if (text.indexOf('%') < 0 && (!plusIsSpace || text.indexOf('+') < 0) && isAscii(text)) {
            return text;
        }
        byte[] raw = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer decoded = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new ApiRefusal(status, "invalid URL escape in '" + printable(text) + "'");
                }
                decoded.put((byte) (high << 4 | low));
                i += 2;
            } else {
                decoded.put(plusIsSpace && raw[i] == '+' ? (byte) ' ' : raw[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new ApiRefusal(status, "not UTF-8: '" + printable(text) + "'");
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static String printable(String text) {
        String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return shown.replaceAll("[^\\x20-\\x7e…]", "?");
    }
}
