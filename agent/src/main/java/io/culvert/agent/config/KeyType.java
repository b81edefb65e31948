package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Entry;
import io.culvert.agent.config.syntax.Value;
import java.util.List;

/** What a key takes, and how a message asks for it. There is no weak typing: {@code port = "80"} is an error. */
public enum KeyType {
    TEXT("text in double quotes") {
        @Override
        boolean accepts(Value value) {
            return value instanceof Value.Text;
        }
    },
    INTEGER("a whole number") {
        @Override
        boolean accepts(Value value) {
            return value instanceof Value.Whole;
        }

        @Override
        String hint(Value found) {
            return found instanceof Value.Text text && text.text().matches("[0-9]{1,9}")
                    ? ", without quotes: " + text.text()
                    : "";
        }
    },
    FLAG("true or false") {
        @Override
        boolean accepts(Value value) {
            return value instanceof Value.Flag;
        }

        @Override
        String hint(Value found) {
            return found instanceof Value.Text text && text.text().matches("true|false")
                    ? ", without quotes: " + text.text()
                    : "";
        }
    },
    DURATION("a duration in double quotes such as \"10s\" or \"1m30s\"") {
        @Override
        boolean accepts(Value value) {
            return value instanceof Value.Text text
                    && Durations.parse(text.text()).isPresent();
        }
    },
    TEXTS("a list of texts such as [\"a\", \"b\"]") {
        @Override
        boolean accepts(Value value) {
            return value instanceof Value.Items items
                    && items.values().stream().allMatch(item -> item instanceof Value.Text);
        }

        @Override
        Value culprit(Value found) {
            return firstNot(found, item -> item instanceof Value.Text);
        }

        @Override
        String hint(Value found) {
            return found instanceof Value.Text text && text.text().length() <= 40
                    ? ", in brackets: [\"" + text.text().replaceAll("\\p{Cntrl}", "?") + "\"]"
                    : "";
        }
    },
    TEXT_MAP("a block of texts such as { version = \"3\" }") {
        @Override
        boolean accepts(Value value) {
            return isMap(value, item -> item instanceof Value.Text);
        }

        @Override
        Value culprit(Value found) {
            return firstNotInMap(found, item -> item instanceof Value.Text);
        }
    },
    TEXTS_MAP("a block of lists such as { Host = [\"web\"] }") {
        @Override
        boolean accepts(Value value) {
            return isMap(value, TEXTS::accepts);
        }

        @Override
        Value culprit(Value found) {
            return firstNotInMap(found, TEXTS::accepts);
        }
    },
    TABLE("a block { … }") {
        @Override
        boolean accepts(Value value) {
            return value instanceof Value.Table || isListOfOneTable(value);
        }
    },
    /** Repeated, or a list. */
    TABLES("a block { … } or a list of blocks") {
        @Override
        boolean accepts(Value value) {
            return value instanceof Value.Table
                    || value instanceof Value.Items items
                            && items.values().stream().allMatch(item -> item instanceof Value.Table);
        }

        @Override
        Value culprit(Value found) {
            return firstNot(found, item -> item instanceof Value.Table);
        }
    },
    TABLE_MAP("a block of blocks such as { wan { address = \"203.0.113.7\" port = 80 } }") {
        @Override
        boolean accepts(Value value) {
            return isMap(value, item -> item instanceof Value.Table);
        }

        @Override
        Value culprit(Value found) {
            return firstNotInMap(found, item -> item instanceof Value.Table);
        }
    },
    ANY("a value") {
        @Override
        boolean accepts(Value value) {
            return true;
        }
    };

    private final String expected;

    KeyType(String expected) {
        this.expected = expected;
    }

    abstract boolean accepts(Value value);

    /** The innermost value that is wrong. */
    Value culprit(Value found) {
        return found;
    }

    /** How the value found would be right. */
    String hint(Value found) {
        return "";
    }

    /** {@code found the number 10, expected …}. */
    String refusal(Value found) {
        Value culprit = culprit(found);
        return "found " + culprit.describe() + ", expected " + expected + hint(found);
    }

    String expected() {
        return expected;
    }

    private static boolean isListOfOneTable(Value value) {
        return value instanceof Value.Items items
                && items.values().size() == 1
                && items.values().get(0) instanceof Value.Table;
    }

    private static boolean isMap(Value value, java.util.function.Predicate<Value> item) {
        return value instanceof Value.Table table
                && table.entries().stream().map(Entry::value).allMatch(item);
    }

    private static Value firstNot(Value found, java.util.function.Predicate<Value> right) {
        return found instanceof Value.Items items ? firstOf(items.values(), right, found) : found;
    }

    private static Value firstNotInMap(Value found, java.util.function.Predicate<Value> right) {
        return found instanceof Value.Table table
                ? firstOf(table.entries().stream().map(Entry::value).toList(), right, found)
                : found;
    }

    private static Value firstOf(List<Value> values, java.util.function.Predicate<Value> right, Value otherwise) {
        return values.stream().filter(right.negate()).findFirst().orElse(otherwise);
    }
}
