package io.culvert.agent.config;

import java.util.List;
import java.util.Locale;

/**
 * A key that a block may have.
 *
 * @param name in snake case, as in the documentation
 * @param labels how many labels its block may have
 * @param aliases further names
 * @param reason why it is ignored or refused; empty when it is used
 */
public record SchemaKey(
        String name, KeyType type, int labels, List<String> aliases, Treatment treatment, String reason) {
    public SchemaKey {
        aliases = List.copyOf(aliases);
    }

    /** What becomes of a key that is written. */
    public enum Treatment {
        USED,
        /** Harmless: a warning says that it does nothing. */
        IGNORED,
        /** Known, but to accept it would promise what is not done. */
        REFUSED
    }

    /** The form that is compared: letter case and underscores do not count, so that Pascal case matches too. */
    static String fold(String written) {
        return written.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
