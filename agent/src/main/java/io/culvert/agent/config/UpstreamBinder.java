package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Position;
import io.culvert.agent.config.syntax.Printable;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.ServiceName;
import io.culvert.proxy.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code upstreams { … }} of one service. */
final class UpstreamBinder {
    private final Binding binding;
    private final ServiceName source;
    private final String user;
    private final String group;

    UpstreamBinder(Binding binding, ServiceName source, String user, String group) {
        this.binding = binding;
        this.source = source;
        this.user = user;
        this.group = group;
    }

    List<Upstream> bind(Fields proxy) {
        List<Upstream> upstreams = new ArrayList<>();
        Map<ServiceName, Position> destinations = new HashMap<>();
        for (Fields.Block block : proxy.blocks("upstreams")) {
            bindOne(block).ifPresent(upstream -> {
                Position first = destinations.putIfAbsent(upstream.destination(), block.position());
                if (first != null) {
                    binding.problems()
                            .error(
                                    block.position(),
                                    "upstream '" + upstream.destination() + "' of service '" + source
                                            + "' is declared twice (first at " + first.fileAndLine() + ")");
                }
                upstreams.add(upstream);
            });
        }
        return upstreams;
    }

    private Optional<Upstream> bindOne(Fields.Block block) {
        String named = Fields.peek(block.table(), "destination_name");
        String where = (named.isEmpty() ? "upstream" : "upstream '" + Printable.of(named) + "'") + " of service '"
                + source + "'";
        Fields fields = Fields.read(Schemas.UPSTREAM, block.table(), block.position(), where, binding.problems());
        refuseElsewhere(fields);
        Optional<ServiceName> destination = destination(fields);
        Optional<Upstream.Bind> bind = bind(fields, block);
        if (destination.isEmpty() || bind.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Upstream(source, destination.get(), bind.get(), optional(user), optional(group)));
    }

    private void refuseElsewhere(Fields fields) {
        String type = fields.text("destination_type");
        if (!type.isEmpty() && !type.equals("service")) {
            fields.error("destination_type", "found '" + Printable.of(type) + "', expected 'service'");
        }
        String namespace = fields.text("destination_namespace");
        if (!namespace.isEmpty() && !namespace.equals("default")) {
            fields.error(
                    "destination_namespace",
                    "found '" + Printable.of(namespace) + "', expected 'default' (there is only one)");
        }
        String datacenter = fields.text("datacenter");
        if (!datacenter.isEmpty() && !datacenter.equals(binding.rules().datacenter())) {
            fields.error(
                    "datacenter",
                    "found '" + Printable.of(datacenter) + "', expected the agent's own '"
                            + binding.rules().datacenter() + "' or nothing");
        }
    }

    private Optional<ServiceName> destination(Fields fields) {
        String name = fields.text("destination_name");
        if (name.isEmpty()) {
            if (!fields.given("destination_name") || fields.has("destination_name")) {
                binding.problems().error(fields.at("destination_name"), fields.where() + " has no destination_name");
            }
            return Optional.empty();
        }
        if (name.equals("*")) {
            fields.error("destination_name", "found '*', expected the name of one service");
            return Optional.empty();
        }
        try {
            return Optional.of(new ServiceName(name));
        } catch (IllegalArgumentException refused) {
            fields.error("destination_name", Printable.message(refused.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<Upstream.Bind> bind(Fields fields, Fields.Block block) {
        boolean unix = fields.given("local_bind_socket_path");
        boolean tcp = fields.given("local_bind_port");
        if (unix == tcp) {
            binding.problems()
                    .error(
                            unix ? fields.at("local_bind_port") : block.position(),
                            fields.where() + (unix ? " has both" : " has neither") + " local_bind_socket_path "
                                    + (unix ? "and" : "nor") + " local_bind_port (expected: one of them)");
            return Optional.empty();
        }
        Optional<Upstream.Bind> bind = unix ? unixBind(fields) : tcpBind(fields);
        String key = unix ? "local_bind_socket_path" : "local_bind_port";
        bind.ifPresent(at -> binding.claim("upstream socket '" + at + "'", fields.at(key)));
        return bind;
    }

    private Optional<Upstream.Bind> unixBind(Fields fields) {
        if (fields.given("local_bind_address")) {
            fields.error("local_bind_address", "goes with local_bind_port, not with a socket path");
        }
        String path = Rules.socketPath(fields, "local_bind_socket_path");
        Optional<Integer> mode = Rules.mode(fields, "local_bind_socket_mode");
        String owner = Rules.account(fields, "local_bind_socket_owner");
        String socketGroup = Rules.account(fields, "local_bind_socket_group");
        if (path.isEmpty()) {
            return Optional.empty();
        }
        // A service that says who it runs as can open its own socket without saying so again.
        return Optional.of(new Upstream.UnixBind(
                path,
                mode,
                optional(owner.isEmpty() ? user : owner),
                optional(socketGroup.isEmpty() ? group : socketGroup)));
    }

    private Optional<Upstream.Bind> tcpBind(Fields fields) {
        for (String key : List.of("local_bind_socket_mode", "local_bind_socket_owner", "local_bind_socket_group")) {
            if (fields.given(key)) {
                fields.error(key, "goes with local_bind_socket_path, not with a port");
            }
        }
        if (!fields.has("local_bind_port")) {
            return Optional.empty();
        }
        int port = fields.integer("local_bind_port", 0, 1, 65_535);
        String address = fields.text("local_bind_address").isEmpty() ? "127.0.0.1" : fields.text("local_bind_address");
        Optional<IpAddress> ip = IpAddress.tryParse(address);
        if (ip.isEmpty() || !ip.get().isLoopback()) {
            fields.error(
                    "local_bind_address",
                    "found '" + Printable.of(address)
                            + "', expected a loopback address such as 127.0.0.1 (anything else would open the mesh to the network)");
            return Optional.empty();
        }
        return port == 0
                ? Optional.empty()
                : Optional.of(new Upstream.TcpBind(ip.get().toString(), port));
    }

    private static Optional<String> optional(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
