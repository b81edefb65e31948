package io.culvert.agent.config.syntax;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Writes a tree in either dialect, with the freedom that the dialect leaves drawn by chance. */
final class Printer {
    private final SplittableRandom random;
    private final boolean json;

    Printer(SplittableRandom random, boolean json) {
        this.random = random;
        this.json = json;
    }

    String file(Value.Table table) {
        return json ? print(table) : entries(table);
    }

    private String print(Value value) {
        if (value instanceof Value.Table table) {
            return "{" + blank() + entries(table) + blank() + "}";
        }
        if (value instanceof Value.Items items) {
            String values = items.values().stream().map(this::print).collect(Collectors.joining("," + blank()));
            String trailing = !json && !items.values().isEmpty() && random.nextBoolean() ? "," : "";
            return "[" + blank() + values + trailing + blank() + "]";
        }
        if (value instanceof Value.Text text) {
            return quoted(text.text());
        }
        if (value instanceof Value.Whole whole) {
            boolean hexadecimal = !json && whole.number() >= 0 && random.nextInt(4) == 0;
            return hexadecimal ? "0x" + Long.toHexString(whole.number()) : Long.toString(whole.number());
        }
        if (value instanceof Value.Decimal decimal) {
            return decimal.number().toString();
        }
        if (value instanceof Value.Flag flag) {
            return Boolean.toString(flag.set());
        }
        return "null";
    }

    private String entries(Value.Table table) {
        String separator = json ? "," : "";
        return table.entries().stream()
                .map(entry -> json ? member(entry) : entry(entry))
                .collect(Collectors.joining(separator + blank()));
    }

    private String member(Entry entry) {
        return quoted(entry.key().text()) + blank() + ":" + blank() + print(entry.value());
    }

    private String entry(Entry entry) {
        StringBuilder text = new StringBuilder();
        entry.names().forEach(name -> text.append(key(name.text())).append(' '));
        boolean block = entry.value() instanceof Value.Table && (entry.names().size() > 1 || random.nextBoolean());
        text.append(block ? "" : "=" + blank()).append(print(entry.value()));
        // Several attributes may share a line; a comma or any white space may follow.
        return text.append(random.nextInt(4) == 0 ? "," : " ").toString();
    }

    private String key(String name) {
        boolean word = name.matches("[A-Za-z_][A-Za-z0-9_.-]*");
        return word && random.nextBoolean() ? name : quoted(name);
    }

    private String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        Consumer<String> append = quoted::append;
        text.codePoints().forEach(c -> append.accept(character(c)));
        return quoted.append('"').toString();
    }

    private String character(int c) {
        if (c == '"' || c == '\\') {
            return "\\" + Character.toString(c);
        }
        if (c == '$') {
            return "\\u0024";
        }
        if (c < ' ' || c == 0x7f || random.nextInt(8) == 0) {
            return unicode(c);
        }
        return Character.toString(c);
    }

    private String unicode(int c) {
        if (!json) {
            return String.format("\\U%08x", c);
        }
        StringBuilder escapes = new StringBuilder();
        for (char unit : Character.toChars(c)) {
            escapes.append(String.format("\\u%04x", (int) unit));
        }
        return escapes.toString();
    }

    private String blank() {
        int choice = random.nextInt(json ? 4 : 7);
        return switch (choice) {
            case 0 -> " ";
            case 1 -> "\n";
            case 2 -> "\r\n\t";
            case 3 -> "  ";
            case 4 -> " # a comment { with \" signs\n";
            case 5 -> " // another [\n";
            default -> " /* and\n a third ] */ ";
        };
    }
}
