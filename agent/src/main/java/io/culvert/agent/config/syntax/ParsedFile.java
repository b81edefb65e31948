package io.culvert.agent.config.syntax;

import java.util.List;

/**
 * What a file says, as far as it could be read.
 *
 * @param root its entries; incomplete when there are problems
 * @param problems in the order found; all are errors
 */
public record ParsedFile(Value.Table root, List<Problem> problems) {
    public ParsedFile {
        problems = List.copyOf(problems);
    }
}
