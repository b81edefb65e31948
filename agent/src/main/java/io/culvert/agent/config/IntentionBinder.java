package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Name;
import io.culvert.agent.config.syntax.Printable;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.ServiceName;
import io.culvert.identity.Intention;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code intention { … }} and {@code intention "shop" "mysql" { … }}. */
final class IntentionBinder {
    private static final String HOST = Intention.HOST;
    private static final int LONGEST_DESCRIPTION = 512;

    private final Binding binding;

    IntentionBinder(Binding binding) {
        this.binding = binding;
    }

    Optional<Intention> bind(Fields.Block block) {
        Fields fields =
                Fields.read(Schemas.INTENTION, block.table(), block.position(), where(block), binding.problems());
        List<Name> labels = block.labels();
        if (labels.size() == 1) {
            binding.problems()
                    .error(
                            labels.get(0).position(),
                            "found one label, expected two (source and destination) or none: intention \"shop\" \"mysql\" { … }");
        }
        Optional<String> source =
                name(fields, "source", labels.size() == 2 ? labels.get(0).text() : "");
        Optional<String> destination =
                name(fields, "destination", labels.size() == 2 ? labels.get(1).text() : "");
        Optional<Intention.Action> action = action(fields);
        String type = fields.text("source_type");
        if (!type.isEmpty() && !type.equals("consul")) {
            fields.error("source_type", "found '" + Printable.of(type) + "', expected 'consul' or nothing");
        }
        if (!binding.rules().server()) {
            binding.problems()
                    .warning(
                            block.position(),
                            fields.where()
                                    + " is ignored: intentions count on servers only (or: culvert intention create)");
        }
        if (source.isEmpty() || destination.isEmpty() || action.isEmpty()) {
            return Optional.empty();
        }
        String pair = source.get() + " -> " + destination.get();
        binding.claim("intention '" + pair.toLowerCase(Locale.ROOT) + "'", block.position());
        return Optional.of(new Intention(
                source.get(),
                destination.get(),
                action.get(),
                description(fields),
                Rules.meta(fields, "meta"),
                block.position().fileAndLine()));
    }

    private static String description(Fields fields) {
        String description = fields.text("description");
        if (description.length() > LONGEST_DESCRIPTION) {
            fields.error(
                    "description",
                    "found " + description.length() + " characters, expected at most " + LONGEST_DESCRIPTION);
            return "";
        }
        return description;
    }

    private static String where(Fields.Block block) {
        boolean labelled = block.labels().size() == 2;
        String source = labelled ? block.labels().get(0).text() : Fields.peek(block.table(), "source");
        String destination = labelled ? block.labels().get(1).text() : Fields.peek(block.table(), "destination");
        return source.isEmpty() || destination.isEmpty()
                ? "intention"
                : "intention '" + Printable.of(source) + " -> " + Printable.of(destination) + "'";
    }

    private Optional<String> name(Fields fields, String key, String label) {
        String written = fields.text(key).isEmpty() ? label : fields.text(key);
        if (!label.isEmpty() && fields.has(key) && !label.equals(written)) {
            fields.error(
                    key, "found '" + Printable.of(written) + "', but the label says '" + Printable.of(label) + "'");
        }
        if (written.isEmpty()) {
            if (!fields.given(key) || fields.has(key)) {
                binding.problems().error(fields.at(key), fields.where() + " has no " + key);
            }
            return Optional.empty();
        }
        if (!isName(written, key.equals("source"))) {
            fields.error(
                    key,
                    "found '" + Printable.of(written) + "', expected the name of a service"
                            + (key.equals("source") ? ", 'host/NODE'" : "") + " or '*'");
            return Optional.empty();
        }
        return Optional.of(written);
    }

    private static boolean isName(String written, boolean hostsToo) {
        if (written.equals(Intention.ANY)) {
            return true;
        }
        try {
            if (hostsToo && written.startsWith(HOST)) {
                return !new NodeName(written.substring(HOST.length())).text().contains("*");
            }
            return !new ServiceName(written).text().contains("*");
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    private Optional<Intention.Action> action(Fields fields) {
        String word = fields.text("action");
        switch (word) {
            case "allow":
                return Optional.of(Intention.Action.ALLOW);
            case "deny":
                return Optional.of(Intention.Action.DENY);
            case "":
                if (!fields.given("action") && !fields.given("permissions")) {
                    binding.problems()
                            .error(
                                    fields.position(),
                                    fields.where() + " has no action (expected: action = \"allow\" or \"deny\")");
                }
                return Optional.empty();
            default:
                fields.error(
                        "action",
                        "found '" + Printable.of(word) + "', expected 'allow' or 'deny'"
                                + Suggestions.didYouMean(word, List.of("allow", "deny")));
                return Optional.empty();
        }
    }
}
