package io.culvert.catalog;

import java.util.Locale;
import java.util.Optional;

/** Result of a check, from best to worst; the words are Consul's. */
public enum CheckStatus {
    PASSING,
    WARNING,
    CRITICAL;

    public CheckStatus worse(CheckStatus other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The word on the wire and in files: {@code passing}, {@code warning}, {@code critical}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<CheckStatus> ofWord(String word) {
        for (CheckStatus status : values()) {
            if (status.word().equals(word)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
