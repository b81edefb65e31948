package io.culvert.agent.config.syntax;

import java.math.BigDecimal;
import java.util.List;

/** A value of a file, and where it begins. */
public sealed interface Value {
    Position position();

    /** For "found …" in a message: {@code the string "80"}, {@code a list}. */
    String describe();

    /** Text. {@code ${…}} in it is text like any other: nothing is ever evaluated. */
    record Text(String text, Position position) implements Value {
        private static final int LONGEST_SHOWN = 40;

        @Override
        public String describe() {
            String shown = text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
            return "the string \"" + Printable.of(shown) + "\"";
        }
    }

    /** A number without fraction and exponent. */
    record Whole(long number, Position position) implements Value {
        @Override
        public String describe() {
            return "the number " + number;
        }
    }

    /** A number with a fraction or an exponent, exactly as written. */
    record Decimal(BigDecimal number, Position position) implements Value {
        @Override
        public String describe() {
            return "the number " + number;
        }
    }

    /** True or false. */
    record Flag(boolean set, Position position) implements Value {
        @Override
        public String describe() {
            return Boolean.toString(set);
        }
    }

    /** A value that is wrong; its problem is reported already. So that its key does not count as missing. */
    record Unreadable(Position position) implements Value {
        @Override
        public String describe() {
            return "a value that cannot be read";
        }
    }

    /** JSON's null: the same as a key that is not there. */
    record Nothing(Position position) implements Value {
        @Override
        public String describe() {
            return "null";
        }
    }

    /** Values in order. */
    record Items(List<Value> values, Position position) implements Value {
        public Items {
            values = List.copyOf(values);
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /** Entries in the order written; in HCL the same key may stand in it several times. */
    record Table(List<Entry> entries, Position position) implements Value {
        public Table {
            entries = List.copyOf(entries);
        }

        @Override
        public String describe() {
            return "a block";
        }
    }
}
