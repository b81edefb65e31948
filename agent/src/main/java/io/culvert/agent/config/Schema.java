package io.culvert.agent.config;

import io.culvert.agent.config.SchemaKey.Treatment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of one kind of block. Immutable. */
public final class Schema {
    private final String block;
    private final List<SchemaKey> keys;
    private final Map<String, SchemaKey> byFoldedName;

    private Schema(String block, List<SchemaKey> keys) {
        this.block = block;
        this.keys = List.copyOf(keys);
        Map<String, SchemaKey> folded = new HashMap<>();
        for (SchemaKey key : keys) {
            folded.put(SchemaKey.fold(key.name()), key);
            key.aliases().forEach(alias -> folded.put(SchemaKey.fold(alias), key));
        }
        this.byFoldedName = Map.copyOf(folded);
    }

    static Builder of(String block) {
        return new Builder(block);
    }

    /** The block's name: {@code service}, {@code check}, … */
    public String block() {
        return block;
    }

    public List<SchemaKey> keys() {
        return keys;
    }

    Optional<SchemaKey> find(String written) {
        return Optional.ofNullable(byFoldedName.get(SchemaKey.fold(written)));
    }

    /** Names worth suggesting. */
    List<String> usedNames() {
        return keys.stream()
                .filter(key -> key.treatment() == Treatment.USED)
                .map(SchemaKey::name)
                .toList();
    }

    /** Lists keys in the order of the documentation. */
    static final class Builder {
        private final String block;
        private final List<SchemaKey> keys = new ArrayList<>();

        private Builder(String block) {
            this.block = block;
        }

        Builder used(KeyType type, String... names) {
            for (String name : names) {
                keys.add(new SchemaKey(name, type, 0, List.of(), Treatment.USED, ""));
            }
            return this;
        }

        Builder aliased(KeyType type, String name, String... aliases) {
            keys.add(new SchemaKey(name, type, 0, List.of(aliases), Treatment.USED, ""));
            return this;
        }

        Builder labelled(int labels, String... names) {
            for (String name : names) {
                keys.add(new SchemaKey(name, KeyType.TABLES, labels, List.of(), Treatment.USED, ""));
            }
            return this;
        }

        Builder ignored(String reason, String... names) {
            for (String name : names) {
                keys.add(new SchemaKey(name, KeyType.ANY, 0, List.of(), Treatment.IGNORED, reason));
            }
            return this;
        }

        Builder refused(String reason, String... names) {
            for (String name : names) {
                keys.add(new SchemaKey(name, KeyType.ANY, 0, List.of(), Treatment.REFUSED, reason));
            }
            return this;
        }

        Schema build() {
            return new Schema(block, keys);
        }
    }
}
