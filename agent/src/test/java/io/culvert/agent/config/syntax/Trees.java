package io.culvert.agent.config.syntax;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Random trees of what a dialect can say. */
final class Trees {
    private static final Position NOWHERE = Position.of("generated");
    private static final int[] LETTERS = {
        'a', 'Z', '0', '_', '-', '.', ' ', '"', '\\', '$', '{', '}', '\n', 1, 0xe9, 0x1F600
    };

    private final SplittableRandom random;
    private final boolean json;

    Trees(SplittableRandom random, boolean json) {
        this.random = random;
        this.json = json;
    }

    Value.Table table(int depth) {
        List<Entry> entries = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            Value value = value(depth);
            List<Name> names = new ArrayList<>();
            names.add(new Name(text(), NOWHERE));
            for (int label = labels(value); label > 0; label--) {
                names.add(new Name(text(), NOWHERE));
            }
            if (!json || keys.add(names.get(0).text())) {
                entries.add(new Entry(names, value));
            }
        }
        return new Value.Table(entries, NOWHERE);
    }

    private int labels(Value value) {
        return !json && value instanceof Value.Table ? random.nextInt(3) : 0;
    }

    private Value value(int depth) {
        int kinds = depth == 0 ? 4 : 6;
        return switch (random.nextInt(json ? kinds + 1 : kinds)) {
            case 0 -> new Value.Text(text(), NOWHERE);
            case 1 -> new Value.Whole(random.nextLong() >> random.nextInt(64), NOWHERE);
            case 2 -> new Value.Decimal(new BigDecimal("-1.50").movePointLeft(random.nextInt(6)), NOWHERE);
            case 3 -> new Value.Flag(random.nextBoolean(), NOWHERE);
            case 4 -> depth == 0 ? new Value.Nothing(NOWHERE) : table(depth - 1);
            case 5 -> list(depth - 1);
            default -> new Value.Nothing(NOWHERE);
        };
    }

    private Value list(int depth) {
        List<Value> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(value(depth));
        }
        return new Value.Items(values, NOWHERE);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.appendCodePoint(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }
}
