package io.culvert.dns.core;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A name asked for.
 *
 * @param labels in lower case, from the left, without the domain's
 * @param domain the one of the zone's domains that it ends in; empty when it ends in none
 */
record QuestionName(List<String> labels, String domain) {
    QuestionName {
        labels = List.copyOf(labels);
    }

    /** Whether it belongs to the zone. */
    boolean isInZone() {
        return !domain.isEmpty();
    }

    /** Splits {@code labels} at the longest domain that they end in. */
    static QuestionName of(List<String> labels, List<String> domains) {
        String best = "";
        for (String domain : domains) {
            if (domain.length() > best.length() && endsIn(labels, domain)) {
                best = domain;
            }
        }
        int left = best.isEmpty() ? labels.size() : labels.size() - count(best);
        return new QuestionName(labels.subList(0, left), best);
    }

    private static boolean endsIn(List<String> labels, String domain) {
        int count = count(domain);
        return labels.size() >= count
                && String.join(".", labels.subList(labels.size() - count, labels.size()))
                        .equals(domain);
    }

    private static int count(String domain) {
        return 1 + (int) domain.chars().filter(c -> c == '.').count();
    }

    /** The labels, in lower case, of an uncompressed name that was checked to end before {@code bytes} does. */
    static List<String> labels(byte[] bytes, int from) {
        List<String> labels = new ArrayList<>();
        int at = from;
        while (bytes[at] != 0) {
            labels.add(fold(new String(bytes, at + 1, bytes[at], StandardCharsets.ISO_8859_1)));
            at += bytes[at] + 1;
        }
        return labels;
    }

    /** RFC 4343: only ASCII letters have a case; {@link String#toLowerCase} would fold more. */
    private static String fold(String label) {
        char[] characters = label.toCharArray();
        for (int i = 0; i < characters.length; i++) {
            if (characters[i] >= 'A' && characters[i] <= 'Z') {
                characters[i] = (char) (characters[i] + 'a' - 'A');
            }
        }
        return new String(characters);
    }

    /** The label, when it can be the name of something in the catalogue. */
    static Optional<String> catalogName(String label) {
        boolean valid = !label.isEmpty() && label.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/');
        return valid ? Optional.of(label) : Optional.empty();
    }
}
