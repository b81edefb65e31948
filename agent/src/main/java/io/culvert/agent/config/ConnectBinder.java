package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Printable;
import io.culvert.agent.config.syntax.Value;
import io.culvert.catalog.Endpoint;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import io.culvert.proxy.Upstream;
import java.util.List;
import java.util.Optional;

/** Reads {@code connect { sidecar_service { proxy { … } } }}. There is no sidecar: the agent does what it would do. */
final class ConnectBinder {
    private final Binding binding;
    private final ServiceName service;
    private final String serviceId;
    private final String user;
    private final String group;

    ConnectBinder(Binding binding, ServiceName service, String serviceId, String user, String group) {
        this.binding = binding;
        this.service = service;
        this.serviceId = serviceId;
        this.user = user;
        this.group = group;
    }

    /** @param mesh whether the service is part of the mesh */
    record Connect(boolean mesh, List<Upstream> upstreams, Optional<Endpoint> endpoint) {
        static final Connect NONE = new Connect(false, List.of(), Optional.empty());
    }

    Connect bind(Fields serviceFields) {
        Optional<Value.Table> table = serviceFields.table("connect");
        if (table.isEmpty()) {
            return Connect.NONE;
        }
        Fields connect = read(Schemas.CONNECT, table.get(), serviceFields, "connect");
        if (connect.flag("native")) {
            connect.unsupported("native", "the agent speaks TLS for the service (expected: sidecar_service {})");
        }
        Optional<Value.Table> sidecar = connect.table("sidecar_service");
        if (sidecar.isEmpty()) {
            if (!connect.given("sidecar_service") && !connect.given("native") && !connect.given("proxy")) {
                binding.problems()
                        .warning(
                                serviceFields.at("connect"),
                                "'connect' in " + serviceFields.where()
                                        + " has no sidecar_service, so the service stays outside the mesh");
            }
            return Connect.NONE;
        }
        Fields fields = read(Schemas.SIDECAR, sidecar.get(), serviceFields, "sidecar_service");
        Optional<Value.Table> proxy = fields.table("proxy");
        if (proxy.isEmpty()) {
            return new Connect(true, List.of(), Optional.empty());
        }
        return proxy(read(Schemas.PROXY, proxy.get(), serviceFields, "proxy"));
    }

    private Fields read(Schema schema, Value.Table table, Fields parent, String block) {
        return Fields.read(schema, table, table.position(), "'" + block + "' of " + parent.where(), binding.problems());
    }

    private Connect proxy(Fields proxy) {
        refuseOtherDestination(proxy, "destination_service_name", service.text());
        refuseOtherDestination(proxy, "destination_service_id", serviceId);
        String mode = proxy.text("mode");
        if (mode.equals("transparent")) {
            proxy.unsupported("mode", "traffic is not redirected (expected: names in DNS, or upstreams)");
        } else if (!mode.isEmpty() && !mode.equals("direct")) {
            proxy.error("mode", "found '" + Printable.of(mode) + "', expected 'direct'");
        }
        UpstreamBinder upstreams = new UpstreamBinder(binding, service, user, group);
        return new Connect(true, upstreams.bind(proxy), endpoint(proxy));
    }

    private static void refuseOtherDestination(Fields proxy, String key, String own) {
        String written = proxy.text(key);
        if (!written.isEmpty() && !written.equalsIgnoreCase(own)) {
            proxy.error(
                    key,
                    "found '" + Printable.of(written) + "', expected '" + Printable.of(own)
                            + "' or nothing (it speaks for its own service)");
        }
    }

    private static Optional<Endpoint> endpoint(Fields proxy) {
        String path = Rules.socketPath(proxy, "local_service_socket_path");
        int port = proxy.integer("local_service_port", 0, 0, 65_535);
        String address = proxy.text("local_service_address");
        if (!path.isEmpty() && (port > 0 || !address.isEmpty())) {
            proxy.error(
                    "local_service_socket_path",
                    "goes alone (expected: no local_service_port or local_service_address beside it)");
        }
        if (!address.isEmpty() && !Rules.isHost(address)) {
            proxy.error(
                    "local_service_address",
                    "found '" + Printable.of(address) + "', expected an IP address or a host name");
        } else if (!address.isEmpty() && port == 0 && path.isEmpty()) {
            proxy.error("local_service_address", "needs local_service_port beside it");
        }
        if (!path.isEmpty()) {
            return Optional.of(new UnixEndpoint(path));
        }
        return port == 0
                ? Optional.empty()
                : Optional.of(new TcpEndpoint(address.isEmpty() ? "127.0.0.1" : address, port));
    }
}
