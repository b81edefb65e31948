package io.culvert.identity;

/** Makes foreign text fit for a message: bounded, one line, nothing that a terminal would obey. */
final class Printable {
    private static final int LONGEST = 200;

    private Printable() {}

    static String of(String text) {
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
