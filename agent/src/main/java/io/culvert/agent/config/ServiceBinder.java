package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Position;
import io.culvert.agent.config.syntax.Printable;
import io.culvert.agent.config.syntax.Value;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceInstance.TaggedAddress;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.Weights;
import io.culvert.health.CheckDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code service { … }}. */
final class ServiceBinder {
    private static final int MOST_TAGS = 256;
    private static final Set<String> PROXY_KINDS =
            Set.of("connect-proxy", "mesh-gateway", "terminating-gateway", "ingress-gateway");

    private final Binding binding;

    ServiceBinder(Binding binding) {
        this.binding = binding;
    }

    /** Empty when it has no usable name; every other mistake is a problem only. */
    Optional<ServiceDefinition> bind(Fields.Block block) {
        Fields fields = read(block);
        refuseForeignKinds(fields);
        Optional<ServiceName> written = name(fields, block);
        // A stand-in lets the rest of a service without a usable name be checked as well; it is not used further.
        ServiceName name = written.orElseGet(() -> standIn(block.position()));
        String id = fields.text("id").isEmpty() ? name.text() : Rules.id(fields, "id");
        binding.claim("service id '" + Printable.of(id) + "'", fields.given("id") ? fields.at("id") : block.position());
        String user = Rules.account(fields, "user");
        String group = Rules.account(fields, "group");
        ConnectBinder.Connect connect = new ConnectBinder(binding, name, id, user, group).bind(fields);
        List<CheckDefinition> checks = new CheckBinder(binding).bindOfService(fields, name, id);
        ServiceInstance instance = instance(fields, name, id, connect.mesh());
        return written.map(known -> new ServiceDefinition(
                instance, user, group, checks, connect.upstreams(), connect.endpoint(), block.position()));
    }

    private static ServiceName standIn(Position position) {
        return new ServiceName("unnamed:" + position.line() + ":" + position.column());
    }

    private Fields read(Fields.Block block) {
        String label = block.labels().isEmpty() ? "" : block.labels().get(0).text();
        String id = Fields.peek(block.table(), "id");
        String named = !id.isEmpty() ? id : label.isEmpty() ? Fields.peek(block.table(), "name") : label;
        String where = named.isEmpty() ? "service" : "service '" + Printable.of(named) + "'";
        return Fields.read(Schemas.SERVICE, block.table(), block.position(), where, binding.problems());
    }

    private void refuseForeignKinds(Fields fields) {
        String kind = fields.text("kind");
        if (PROXY_KINDS.contains(kind)) {
            fields.unsupported(
                    "kind",
                    "the agent itself is the proxy of every service; declare"
                            + " connect { sidecar_service {} } in the service");
        } else if (!kind.isEmpty() && !kind.equals("typical")) {
            fields.ignored("kind", "'" + Printable.of(kind) + "' means nothing to Culvert");
        }
        for (String key : List.of("namespace", "partition")) {
            if (!fields.text(key).isEmpty() && !fields.text(key).equals("default")) {
                fields.error(
                        key, "found '" + Printable.of(fields.text(key)) + "', expected 'default' (there is only one)");
            }
        }
    }

    private Optional<ServiceName> name(Fields fields, Fields.Block block) {
        String label = block.labels().isEmpty() ? "" : block.labels().get(0).text();
        String text = fields.text("name").isEmpty() ? label : fields.text("name");
        Position position = fields.given("name") || block.labels().isEmpty()
                ? fields.at("name")
                : block.labels().get(0).position();
        if (!label.isEmpty() && fields.has("name") && !label.equals(text)) {
            fields.error(
                    "name",
                    "found '" + Printable.of(text) + "', but the label says '" + Printable.of(label)
                            + "' (expected: one of them, or both the same)");
        }
        if (text.isEmpty()) {
            if (!fields.given("name") || fields.has("name")) {
                binding.problems().error(position, "service has no name (expected: name = \"web\")");
            }
            return Optional.empty();
        }
        return checked(text, position, fields);
    }

    private Optional<ServiceName> checked(String text, Position position, Fields fields) {
        ServiceName name;
        try {
            name = new ServiceName(text);
        } catch (IllegalArgumentException refused) {
            binding.problems().error(position, Printable.message(refused.getMessage()));
            return Optional.empty();
        }
        if (text.equals("*")) {
            binding.problems()
                    .error(
                            position,
                            "'name' in " + fields.where()
                                    + ": '*' stands for every service in intentions (expected: a name)");
            return Optional.empty();
        }
        if (!name.isDnsLabel()) {
            binding.problems()
                    .warning(
                            position,
                            "'name' in " + fields.where()
                                    + ": cannot be found by DNS (expected there: letters, digits and dashes, at most 63)");
        }
        return Optional.of(name);
    }

    private ServiceInstance instance(Fields fields, ServiceName name, String id, boolean mesh) {
        String address = Rules.serviceAddress(fields, "address");
        int port = fields.integer("port", 0, 0, 65_535);
        return new ServiceInstance(
                id,
                name,
                tags(fields),
                Rules.meta(fields, "meta"),
                address,
                port,
                Rules.socketPath(fields, "socket_path"),
                taggedAddresses(fields, address, port),
                weights(fields),
                fields.flag("enable_tag_override"),
                mesh,
                0);
    }

    private List<String> tags(Fields fields) {
        List<String> tags = fields.texts("tags");
        if (tags.size() > MOST_TAGS) {
            fields.error("tags", "found " + tags.size() + " tags, expected at most " + MOST_TAGS);
        }
        for (String tag : tags) {
            if (tag.isEmpty() || tag.length() > 255 || tag.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                fields.error(
                        "tags",
                        "found the tag '" + Printable.of(tag)
                                + "', expected 1 to 255 characters without control characters");
            }
        }
        return tags;
    }

    private Weights weights(Fields fields) {
        Optional<Value.Table> table = fields.table("weights");
        if (table.isEmpty()) {
            return Weights.DEFAULT;
        }
        Fields weights = Fields.read(
                Schemas.WEIGHTS,
                table.get(),
                fields.at("weights"),
                "'weights' of " + fields.where(),
                binding.problems());
        return new Weights(weights.integer("passing", 1, 1, 65_535), weights.integer("warning", 1, 0, 65_535));
    }

    private Map<String, TaggedAddress> taggedAddresses(Fields fields, String address, int port) {
        Map<String, TaggedAddress> addresses = new LinkedHashMap<>(ofOwnAddress(address, port));
        fields.tableMap("tagged_addresses").forEach((tag, table) -> {
            String where = "'tagged_addresses." + Printable.of(tag) + "' of " + fields.where();
            Fields entry = Fields.read(Schemas.ADDRESS, table, table.position(), where, binding.problems());
            addresses.put(tag, taggedAddress(tag, entry));
        });
        return addresses;
    }

    /** Consul adds the address itself under the names of its family. */
    private static Map<String, TaggedAddress> ofOwnAddress(String address, int port) {
        Map<String, TaggedAddress> own = new LinkedHashMap<>();
        IpAddress.tryParse(address).ifPresent(ip -> {
            String family = ip.isIpv4() ? "ipv4" : "ipv6";
            own.put("lan_" + family, new TaggedAddress(address, port));
            own.put("wan_" + family, new TaggedAddress(address, port));
        });
        return own;
    }

    private TaggedAddress taggedAddress(String tag, Fields entry) {
        String address = Rules.serviceAddress(entry, "address");
        if (!entry.given("address")) {
            binding.problems().error(entry.position(), entry.where() + " has no address");
        }
        boolean mustBeIp = tag.matches("(lan|wan)_ipv[46]");
        Optional<IpAddress> ip = IpAddress.tryParse(address);
        boolean ipv4 = tag.endsWith("4");
        if (mustBeIp && !address.isEmpty() && (ip.isEmpty() || ip.get().isIpv4() != ipv4)) {
            entry.error(
                    "address",
                    "found '" + Printable.of(address) + "', expected an " + (ipv4 ? "IPv4" : "IPv6") + " address");
        }
        return new TaggedAddress(address, entry.integer("port", 0, 0, 65_535));
    }
}
