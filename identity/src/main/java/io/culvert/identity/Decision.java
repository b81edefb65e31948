package io.culvert.identity;

import java.util.Optional;

/**
 * Whether a stream may be opened, and why.
 *
 * @param reason a sentence for logs and for {@code culvert intention check}, in Consul's words
 * @param intention the one that decided; empty: none matched
 */
public record Decision(boolean allowed, String reason, Optional<Intention> intention) {
    static final Decision DEFAULT_DENY =
            new Decision(false, "Default behavior: deny (no intention matches)", Optional.empty());

    static Decision by(Intention intention) {
        String reason = "Matched L4 intention: " + intention.pair() + " (Precedence: " + intention.precedence()
                + ", Action: " + intention.action() + ")";
        return new Decision(intention.action() == Intention.Action.ALLOW, reason, Optional.of(intention));
    }
}
