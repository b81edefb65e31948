package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Printable;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.ServiceName;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code check { … }}, of a service or at the top of a file. */
final class CheckBinder {
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(365);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
    private static final Duration SHORTEST_DEREGISTRATION = Duration.ofMinutes(1);
    private static final int MOST_RESULTS = 1_000;

    private final Binding binding;

    CheckBinder(Binding binding) {
        this.binding = binding;
    }

    /** Who a check belongs to, and what it is called if it does not say. */
    private record Owner(String serviceId, String automaticId, String automaticName, String where) {}

    /** Checks of a service, with Consul's automatic ids: numbered when there are several. */
    List<CheckDefinition> bindOfService(Fields service, ServiceName name, String serviceId) {
        List<Fields.Block> blocks = FileBinder.both(service, "checks", "check");
        List<CheckDefinition> checks = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            String number = blocks.size() == 1 ? "" : ":" + (i + 1);
            Owner owner = new Owner(
                    serviceId,
                    "service:" + serviceId + number,
                    "Service '" + name + "' check",
                    "check" + (blocks.size() == 1 ? "" : " " + (i + 1)) + " of " + service.where());
            bind(blocks.get(i), owner).ifPresent(checks::add);
        }
        return checks;
    }

    /** A check of the node, or with {@code service_id} of a service. */
    Optional<CheckDefinition> bindAtTop(Fields.Block block) {
        return bind(block, new Owner("", "", "", "check"));
    }

    private Optional<CheckDefinition> bind(Fields.Block block, Owner owner) {
        String label = block.labels().isEmpty() ? "" : block.labels().get(0).text();
        Fields fields = read(block, owner, label);
        String named = fields.text("name").isEmpty() ? label : fields.text("name");
        String id = id(fields, owner, named);
        if (id.isEmpty()) {
            if (!fields.given("id") && !fields.given("name")) {
                binding.problems().error(block.position(), "check has no name (expected: name = \"disk\")");
            }
            return Optional.empty();
        }
        binding.claim("check id '" + Printable.of(id) + "'", fields.given("id") ? fields.at("id") : block.position());
        String serviceId = serviceId(fields, owner, id);
        Optional<CheckKind> kind = new CheckKindBinder(binding, fields).bind(id, serviceId);
        String name = !named.isEmpty() ? named : owner.automaticName().isEmpty() ? id : owner.automaticName();
        return kind.map(found -> definition(fields, id, name, serviceId, found));
    }

    private Fields read(Fields.Block block, Owner owner, String label) {
        String id = Fields.peek(block.table(), "id");
        String name = Fields.peek(block.table(), "name");
        String named = !id.isEmpty() ? id : !name.isEmpty() ? name : label;
        String where = named.isEmpty() ? owner.where() : "check '" + Printable.of(named) + "'";
        return Fields.read(Schemas.CHECK, block.table(), block.position(), where, binding.problems());
    }

    private static String id(Fields fields, Owner owner, String named) {
        if (!fields.text("id").isEmpty()) {
            return Rules.id(fields, "id");
        }
        return owner.automaticId().isEmpty() ? named : owner.automaticId();
    }

    private String serviceId(Fields fields, Owner owner, String checkId) {
        String written = fields.text("service_id");
        if (owner.serviceId().isEmpty()) {
            if (!written.isEmpty()) {
                binding.refer(new Reference(
                        Printable.of(checkId), Printable.of(written), "service_id", fields.at("service_id")));
            }
            return written;
        }
        if (!written.isEmpty() && !written.equals(owner.serviceId())) {
            fields.error(
                    "service_id",
                    "found '" + Printable.of(written) + "', expected '" + Printable.of(owner.serviceId())
                            + "' or nothing (a check inside a service belongs to it)");
        }
        return owner.serviceId();
    }

    private CheckDefinition definition(Fields fields, String id, String name, String serviceId, CheckKind kind) {
        boolean runs = !(kind instanceof CheckKind.Ttl) && !(kind instanceof CheckKind.Alias);
        return new CheckDefinition(
                id,
                name,
                notes(fields),
                serviceId,
                status(fields),
                kind,
                runs ? interval(fields) : Duration.ZERO,
                runs ? timeout(fields, kind) : Duration.ZERO,
                runs ? fields.integer("success_before_passing", 0, 0, MOST_RESULTS) : 0,
                runs ? fields.integer("failures_before_critical", 0, 0, MOST_RESULTS) : 0,
                deregistration(fields, serviceId),
                outputMaxSize(fields));
    }

    private static String notes(Fields fields) {
        String notes = fields.text("notes");
        if (notes.length() > 4_096) {
            fields.error("notes", "found " + notes.length() + " characters, expected at most 4096");
        }
        return notes;
    }

    private static CheckStatus status(Fields fields) {
        String word = fields.text("status");
        Optional<CheckStatus> status = CheckStatus.ofWord(word);
        if (status.isEmpty() && !word.isEmpty()) {
            fields.error(
                    "status",
                    "found '" + Printable.of(word) + "', expected 'passing', 'warning' or 'critical'"
                            + Suggestions.didYouMean(word, List.of("passing", "warning", "critical")));
        }
        return status.orElse(CheckStatus.CRITICAL);
    }

    private Duration interval(Fields fields) {
        Optional<Duration> interval = fields.duration("interval");
        if (!fields.given("interval")) {
            binding.problems()
                    .error(
                            fields.position(),
                            fields.where() + " has no interval (expected: such as interval = \"10s\")");
        }
        if (interval.isEmpty()) {
            return SHORTEST_INTERVAL;
        }
        Duration found = interval.get();
        if (found.isZero() || found.compareTo(LONGEST_INTERVAL) > 0) {
            fields.error("interval", "found " + Durations.format(found) + ", expected 1s to 8760h");
            return SHORTEST_INTERVAL;
        }
        if (found.compareTo(SHORTEST_INTERVAL) < 0) {
            fields.warning("interval", "found " + Durations.format(found) + ", raised to 1s");
            return SHORTEST_INTERVAL;
        }
        return found;
    }

    private static Duration timeout(Fields fields, CheckKind kind) {
        Duration otherwise = kind instanceof CheckKind.Script
                ? CheckDefinition.DEFAULT_SCRIPT_TIMEOUT
                : CheckDefinition.DEFAULT_TIMEOUT;
        Optional<Duration> timeout = fields.duration("timeout");
        if (timeout.isPresent() && (timeout.get().isZero() || timeout.get().compareTo(LONGEST_TIMEOUT) > 0)) {
            fields.error(
                    "timeout", "found " + Durations.format(timeout.get()) + ", expected more than 0s, at most 24h");
            return otherwise;
        }
        return timeout.orElse(otherwise);
    }

    private static Optional<Duration> deregistration(Fields fields, String serviceId) {
        String key = "deregister_critical_service_after";
        Optional<Duration> after = fields.duration(key);
        if (after.isEmpty() || after.get().isZero()) {
            return Optional.empty();
        }
        if (serviceId.isEmpty()) {
            fields.ignored(key, "this check belongs to no service");
            return Optional.empty();
        }
        if (after.get().compareTo(SHORTEST_DEREGISTRATION) < 0) {
            fields.warning(key, "found " + Durations.format(after.get()) + ", raised to 1m");
            return Optional.of(SHORTEST_DEREGISTRATION);
        }
        return after;
    }

    private int outputMaxSize(Fields fields) {
        int most = binding.rules().outputMaxSize();
        int size = fields.integer("output_max_size", most, 1, Integer.MAX_VALUE);
        if (size > most) {
            fields.warning("output_max_size", "found " + size + ", lowered to the agent's " + most);
        }
        return Math.min(size, most);
    }
}
