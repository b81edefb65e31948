package io.culvert.agent.config;

import io.culvert.agent.config.SchemaKey.Treatment;
import io.culvert.agent.config.syntax.Entry;
import io.culvert.agent.config.syntax.Name;
import io.culvert.agent.config.syntax.Position;
import io.culvert.agent.config.syntax.Printable;
import io.culvert.agent.config.syntax.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One block, read by its schema. Unknown, doubled and wrongly typed keys are reported on reading; a key that was given but is wrong
 * counts as given, so that nothing is reported twice, and yields its default.
 */
final class Fields {
    private final Schema schema;
    private final Position position;
    private final String where;
    private final Problems problems;
    private final Map<String, Entry> first = new HashMap<>();
    private final Map<String, List<Entry>> right = new HashMap<>();

    private Fields(Schema schema, Position position, String where, Problems problems) {
        this.schema = schema;
        this.position = position;
        this.where = where;
        this.problems = problems;
    }

    /** A block with the labels before it. */
    record Block(List<Name> labels, Value.Table table, Position position) {}

    /** @param where for messages: {@code check 'web-ping'} */
    static Fields read(Schema schema, Value.Table table, Position position, String where, Problems problems) {
        Fields fields = new Fields(schema, position, where, problems);
        table.entries().forEach(fields::take);
        return fields;
    }

    /** The text of a key before the block is read, to name the block in messages; empty if there is none. */
    static String peek(Value.Table table, String key) {
        return table.entries().stream()
                .filter(entry -> SchemaKey.fold(entry.key().text()).equals(SchemaKey.fold(key)))
                .map(entry -> entry.value() instanceof Value.Text text ? text.text() : "")
                .findFirst()
                .orElse("");
    }

    private void take(Entry entry) {
        String written = Printable.of(entry.key().text());
        Optional<SchemaKey> known = schema.find(entry.key().text());
        if (known.isEmpty()) {
            problems.error(
                    entry.position(), "unknown key '" + written + "' in " + where + Hints.forUnknown(schema, written));
            return;
        }
        SchemaKey key = known.get();
        if (entry.value() instanceof Value.Nothing) {
            return;
        }
        if (entry.value() instanceof Value.Unreadable) {
            first.putIfAbsent(key.name(), entry);
            return;
        }
        if (key.treatment() != Treatment.USED) {
            passOver(key, entry, written);
            return;
        }
        Entry before = first.putIfAbsent(key.name(), entry);
        if (before != null && key.type() != KeyType.TABLES) {
            problems.error(
                    entry.position(),
                    "key '" + written + "' is set twice in " + where + " (first at "
                            + before.position().fileAndLine() + ")");
        } else if (labelsAllowed(key, entry) && typeRight(key, entry, written)) {
            right.computeIfAbsent(key.name(), name -> new ArrayList<>()).add(entry);
        }
    }

    private void passOver(SchemaKey key, Entry entry, String written) {
        if (key.treatment() == Treatment.IGNORED) {
            problems.warning(entry.position(), "'" + written + "' in " + where + " is ignored: " + key.reason());
        } else {
            first.putIfAbsent(key.name(), entry);
            problems.error(entry.position(), "'" + written + "' in " + where + " is not supported: " + key.reason());
        }
    }

    private boolean labelsAllowed(SchemaKey key, Entry entry) {
        if (entry.labels().size() <= key.labels()) {
            return true;
        }
        Name label = entry.labels().get(key.labels());
        problems.error(
                label.position(),
                "found the label '" + Printable.of(label.text()) + "', expected '{' after '" + key.name() + "' in "
                        + where);
        return false;
    }

    private boolean typeRight(SchemaKey key, Entry entry, String written) {
        Value value = entry.value();
        if (!key.type().accepts(value)) {
            problems.error(
                    key.type().culprit(value).position(),
                    "'" + written + "' in " + where + ": " + key.type().refusal(value));
            return false;
        }
        return true;
    }

    /** Whether the key was written, rightly or not. */
    boolean given(String key) {
        return first.containsKey(key);
    }

    /** Whether the key was written and holds a value of its type. */
    boolean has(String key) {
        return right.containsKey(key);
    }

    /** Where the key's value stands; the block when it is not given. */
    Position at(String key) {
        Entry entry = first.get(key);
        return entry == null ? position : entry.value().position();
    }

    Position position() {
        return position;
    }

    String where() {
        return where;
    }

    Problems problems() {
        return problems;
    }

    void error(String key, String message) {
        problems.error(at(key), "'" + key + "' in " + where + ": " + message);
    }

    void warning(String key, String message) {
        problems.warning(at(key), "'" + key + "' in " + where + ": " + message);
    }

    void ignored(String key, String reason) {
        problems.warning(at(key), "'" + key + "' in " + where + " is ignored: " + reason);
    }

    void unsupported(String key, String reason) {
        problems.error(at(key), "'" + key + "' in " + where + " is not supported: " + reason);
    }

    String text(String key) {
        return value(key) instanceof Value.Text text ? text.text() : "";
    }

    /** Within the bounds, or a problem and the default. */
    int integer(String key, int otherwise, int least, int most) {
        if (!(value(key) instanceof Value.Whole whole)) {
            return otherwise;
        }
        if (whole.number() < least || whole.number() > most) {
            error(key, "found " + whole.number() + ", expected a number from " + least + " to " + most);
            return otherwise;
        }
        return (int) whole.number();
    }

    boolean flag(String key) {
        return value(key) instanceof Value.Flag flag && flag.set();
    }

    Optional<Duration> duration(String key) {
        return value(key) instanceof Value.Text text ? Durations.parse(text.text()) : Optional.empty();
    }

    List<String> texts(String key) {
        return value(key) instanceof Value.Items items ? texts(items) : List.of();
    }

    Map<String, String> textMap(String key) {
        Map<String, String> map = new LinkedHashMap<>();
        entries(key).forEach((name, value) -> map.put(name, ((Value.Text) value).text()));
        return map;
    }

    Map<String, List<String>> textsMap(String key) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        entries(key).forEach((name, value) -> map.put(name, texts((Value.Items) value)));
        return map;
    }

    Map<String, Value.Table> tableMap(String key) {
        Map<String, Value.Table> map = new LinkedHashMap<>();
        entries(key).forEach((name, value) -> map.put(name, (Value.Table) value));
        return map;
    }

    Optional<Value.Table> table(String key) {
        Value value = value(key);
        if (value instanceof Value.Items items) {
            value = items.values().get(0);
        }
        return value instanceof Value.Table table ? Optional.of(table) : Optional.empty();
    }

    /** Repeated blocks and lists, in the order written. */
    List<Block> blocks(String key) {
        List<Block> blocks = new ArrayList<>();
        for (Entry entry : right.getOrDefault(key, List.of())) {
            if (entry.value() instanceof Value.Table table) {
                blocks.add(new Block(entry.labels(), table, entry.position()));
            } else if (entry.value() instanceof Value.Items items) {
                items.values().forEach(item -> blocks.add(new Block(List.of(), (Value.Table) item, item.position())));
            }
        }
        return blocks;
    }

    /** The entries of a free map; a name that stands twice, or has labels, is reported. */
    private Map<String, Value> entries(String key) {
        Map<String, Value> entries = new LinkedHashMap<>();
        if (value(key) instanceof Value.Table table) {
            for (Entry entry : table.entries()) {
                String name = Printable.of(entry.key().text());
                String place = " in '" + key + "' of " + where;
                if (!entry.labels().isEmpty()) {
                    problems.error(
                            entry.labels().get(0).position(),
                            "found a label, expected '{' after '" + name + "'" + place);
                } else if (entries.putIfAbsent(entry.key().text(), entry.value()) != null) {
                    problems.error(entry.position(), "key '" + name + "' is set twice" + place);
                }
            }
        }
        return entries;
    }

    private static List<String> texts(Value.Items items) {
        return items.values().stream().map(item -> ((Value.Text) item).text()).toList();
    }

    private Value value(String key) {
        List<Entry> entries = right.getOrDefault(key, List.of());
        return entries.isEmpty() ? new Value.Nothing(position) : entries.get(0).value();
    }
}
