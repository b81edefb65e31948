package io.culvert.agent.config.syntax;

import java.util.ArrayList;
import java.util.List;

/** A tree without its positions, for comparison. */
final class Plain {
    private Plain() {}

    static List<Object> of(Value.Table table) {
        List<Object> entries = new ArrayList<>();
        for (Entry entry : table.entries()) {
            entries.add(List.of(entry.names().stream().map(Name::text).toList(), of(entry.value())));
        }
        return entries;
    }

    static Object of(Value value) {
        if (value instanceof Value.Table table) {
            return of(table);
        }
        if (value instanceof Value.Items items) {
            return List.of("list", items.values().stream().map(Plain::of).toList());
        }
        if (value instanceof Value.Text text) {
            return text.text();
        }
        if (value instanceof Value.Whole whole) {
            return whole.number();
        }
        if (value instanceof Value.Decimal decimal) {
            return decimal.number();
        }
        if (value instanceof Value.Flag flag) {
            return flag.set();
        }
        return "null";
    }
}
