package io.culvert.agent.config.syntax;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Turns the text of a number into an exact value. */
final class Numbers {
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern HEXADECIMAL = Pattern.compile("-?0[xX][0-9a-fA-F]+");
    // Three digits of exponent: more would let "1e999999999" become a gigabyte when it is printed in full.
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");
    private static final Pattern LEADING_ZERO = Pattern.compile("-?0[0-9]+");
    private static final Pattern DURATION = Pattern.compile("([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+");
    private static final int LONGEST = 100;

    private Numbers() {}

    static Value read(String text, Position position, boolean hexadecimalAllowed) throws SyntaxFailure {
        if (text.length() > LONGEST) {
            throw new SyntaxFailure(position, "a number of " + text.length() + " characters (expected: at most 100)");
        }
        if (WHOLE.matcher(text).matches()) {
            return whole(text, 10, position);
        }
        if (hexadecimalAllowed && HEXADECIMAL.matcher(text).matches()) {
            return whole(text.replaceFirst("0[xX]", ""), 16, position);
        }
        if (DECIMAL.matcher(text).matches()) {
            return new Value.Decimal(new BigDecimal(text), position);
        }
        throw new SyntaxFailure(position, refusal(text));
    }

    private static Value whole(String digits, int radix, Position position) throws SyntaxFailure {
        try {
            return new Value.Whole(Long.parseLong(digits, radix), position);
        } catch (NumberFormatException e) {
            throw new SyntaxFailure(
                    position, "the number " + digits + " is out of range (expected: a signed number of 64 bits)");
        }
    }

    private static String refusal(String text) {
        if (LEADING_ZERO.matcher(text).matches()) {
            return "the number '" + text + "' has a leading zero (expected: no leading zero, or text: \"" + text
                    + "\")";
        }
        if (DURATION.matcher(text).matches()) {
            return "found " + text + ", expected a value (a duration is written in quotes: \"" + text + "\")";
        }
        return "found '" + Printable.of(text) + "', expected a number";
    }
}
