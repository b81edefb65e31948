package io.culvert.store.state;

import java.util.Comparator;

/**
 * Keys in the order of their UTF-8 bytes, which is that of their code points. {@link String#compareTo} differs from it
 * where one key holds a surrogate pair; clients that page through keys compare bytes.
 */
final class KeyOrder implements Comparator<String> {
    static final KeyOrder BY_BYTES = new KeyOrder();

    private KeyOrder() {}

    @Override
    public int compare(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        for (int i = 0; i < shorter; i++) {
            char here = one.charAt(i);
            char there = other.charAt(i);
            if (here != there) {
                boolean bothSurrogates = Character.isSurrogate(here) && Character.isSurrogate(there);
                boolean noneSurrogate = !Character.isSurrogate(here) && !Character.isSurrogate(there);
                // A surrogate stands for a code point above every other char.
                return bothSurrogates || noneSurrogate
                        ? Character.compare(here, there)
                        : Character.isSurrogate(here) ? 1 : -1;
            }
        }
        return Integer.compare(one.length(), other.length());
    }
}
