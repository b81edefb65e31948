package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What binders share while they read one file. */
final class Binding {
    private final BindRules rules;
    private final Problems problems;
    private final Map<String, Position> claimed = new HashMap<>();
    private final List<Claim> claims = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();

    Binding(BindRules rules, Problems problems) {
        this.rules = rules;
        this.problems = problems;
    }

    BindRules rules() {
        return rules;
    }

    Problems problems() {
        return problems;
    }

    /** @param what {@code service id 'web'} */
    void claim(String what, Position position) {
        Position first = claimed.putIfAbsent(what, position);
        if (first == null) {
            claims.add(new Claim(what, position));
        } else {
            problems.error(position, what + " is declared twice (first at " + first.fileAndLine() + ")");
        }
    }

    void refer(Reference reference) {
        references.add(reference);
    }

    List<Claim> claims() {
        return claims;
    }

    List<Reference> references() {
        return references;
    }
}
