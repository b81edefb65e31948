package io.culvert.agent.config.syntax;

import java.util.List;

/**
 * A key with its value: {@code port = 80}, {@code check { … }}, {@code service "web" { … }}.
 *
 * @param names the key, then the labels of a block
 */
public record Entry(List<Name> names, Value value) {
    public Entry {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("entry without a key");
        }
    }

    public Name key() {
        return names.get(0);
    }

    public List<Name> labels() {
        return names.subList(1, names.size());
    }

    /** Where its key stands. */
    public Position position() {
        return key().position();
    }
}
