package io.culvert.testbed.scenarios;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blocks of a README that a reader is meant to use: what to type, and what to write into files. */
record ReadMe(List<Block> blocks) {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^(## [^\\n]*)$|^```(console|hcl)\\n(.*?)^```$");

    /**
     * One block.
     *
     * @param section the heading it stands under
     * @param language {@code console} or {@code hcl}
     */
    record Block(String section, String language, String text) {
        /** What to type, with the prompt before it: {@code $} or {@code #}. */
        List<String> lines() {
            return text.lines().filter(line -> !line.isBlank()).toList();
        }
    }

    static ReadMe parse(String text) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        String section = "";
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                section = matcher.group(1).substring(3).strip();
            } else {
                blocks.add(new Block(section, matcher.group(2), matcher.group(3)));
            }
        }
        return new ReadMe(List.copyOf(blocks));
    }

    List<Block> blocks(String section) {
        List<Block> found =
                blocks.stream().filter(block -> block.section().equals(section)).toList();
        if (found.isEmpty()) {
            throw new AssertionError("the README has no commands under '" + section + "'");
        }
        return found;
    }
}
