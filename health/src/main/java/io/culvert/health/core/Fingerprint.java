package io.culvert.health.core;

import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * Tells over a restart whether a definition still does the same. A digest, because what a check sends may hold secrets
 * and the state is written to disk.
 */
final class Fingerprint {
    private Fingerprint() {}

    static String of(CheckDefinition check) {
        String text = String.join(
                "\n",
                canonical(check.kind()),
                check.interval().toString(),
                check.timeout().toString(),
                Integer.toString(check.outputMaxSize()));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing from this Java runtime, which every one must have", e);
        }
    }

    /** The order of an immutable map differs from one JVM to the next; everything else prints the same. */
    private static String canonical(CheckKind kind) {
        if (kind instanceof CheckKind.Script script) {
            StringBuilder text = new StringBuilder("script");
            script.args().forEach(argument -> append(text, argument));
            new TreeMap<>(script.environment()).forEach((name, value) -> append(text, name + "=" + value));
            append(text, script.workingDirectory());
            append(text, script.user());
            return text.toString();
        }
        return kind.toString();
    }

    /** With its length, so that two arguments are not taken for one with a comma. */
    private static void append(StringBuilder text, String part) {
        text.append(' ').append(part.length()).append(':').append(part);
    }
}
