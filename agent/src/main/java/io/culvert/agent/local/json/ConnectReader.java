package io.culvert.agent.local.json;

import io.culvert.agent.local.ServiceRegistration.Target;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.ServiceName;
import io.culvert.proxy.Upstream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code Connect}: whether the mesh opens the service, how its application is reached, and what it calls. */
final class ConnectReader {
    private static final int LAST_PORT = 65_535;
    private static final int MOST_UPSTREAMS = 256;
    private static final int MODE_BITS = 0777;

    private final ServiceName source;
    private final Optional<String> user;
    private final Optional<String> group;

    /** @param user only processes of this user may use the upstream sockets; empty: the sockets' mode decides */
    ConnectReader(ServiceName source, String user, String group) {
        this.source = source;
        this.user = CheckReader.nonEmpty(user);
        this.group = CheckReader.nonEmpty(group);
    }

    record Connect(boolean mesh, Target target, List<Upstream> upstreams) {}

    Connect read(JsonObject service) throws InputRefused {
        Optional<JsonObject> connect = service.object("Connect");
        if (connect.isEmpty()) {
            return new Connect(false, Target.OF_SERVICE, List.of());
        }
        boolean isNative = connect.get().flag("Native");
        Optional<JsonObject> sidecar = connect.get().object("SidecarService");
        connect.get().finish();
        if (sidecar.isEmpty()) {
            return new Connect(isNative, Target.OF_SERVICE, List.of());
        }
        return sidecar(sidecar.get());
    }

    /** There is no sidecar to configure: what would describe it is taken and without effect. */
    private Connect sidecar(JsonObject sidecar) throws InputRefused {
        if (!sidecar.text("ID").isEmpty()) {
            throw InputRefused.invalid("A SidecarService cannot specify an ID as this is managed by the agent");
        }
        if (sidecar.has("Connect")) {
            throw InputRefused.invalid("sidecar_service cannot contain a nested Connect");
        }
        sidecar.ignore("Connect", "Name", "Port", "Address", "Tags", "Meta", "Check", "Checks", "Kind", "Token");
        sidecar.ignore("Weights", "EnableTagOverride", "TaggedAddresses", "SocketPath", "Namespace");
        Optional<JsonObject> proxy = sidecar.object("Proxy");
        sidecar.finish();
        return proxy.isEmpty() ? new Connect(true, Target.OF_SERVICE, List.of()) : proxy(proxy.get());
    }

    private Connect proxy(JsonObject proxy) throws InputRefused {
        Target target = new Target(
                proxy.text("LocalServiceAddress"),
                proxy.number("LocalServicePort", 0, 0, LAST_PORT),
                ServiceReader.socketPath("LocalServiceSocketPath", proxy.text("LocalServiceSocketPath")));
        if (target.port() != 0 && !target.socketPath().isEmpty()) {
            throw InputRefused.invalid("Invalid Proxy: LocalServicePort and LocalServiceSocketPath exclude each other");
        }
        List<Upstream> upstreams = upstreams(proxy);
        proxy.ignore("DestinationServiceName", "DestinationServiceID", "Config", "Mode", "TransparentProxy");
        proxy.ignore("MeshGateway", "Expose");
        proxy.finish();
        return new Connect(true, target, upstreams);
    }

    private List<Upstream> upstreams(JsonObject proxy) throws InputRefused {
        List<JsonObject> written = proxy.objects("Upstreams");
        if (written.size() > MOST_UPSTREAMS) {
            throw InputRefused.invalid(
                    "Invalid Upstreams: " + written.size() + " (expected: at most " + MOST_UPSTREAMS + ")");
        }
        List<Upstream> upstreams = new ArrayList<>();
        Set<ServiceName> destinations = new HashSet<>();
        Set<String> sockets = new HashSet<>();
        for (JsonObject one : written) {
            Upstream upstream = upstream(one);
            if (!destinations.add(upstream.destination())) {
                throw InputRefused.invalid("upstreams cannot contain duplicates of " + upstream.destination());
            }
            if (!sockets.add(upstream.bind().toString())) {
                throw InputRefused.invalid("upstreams cannot contain duplicates by local bind address and port or unix "
                        + "path; \"" + upstream.bind() + "\" is specified twice");
            }
            upstreams.add(upstream);
        }
        return upstreams;
    }

    private Upstream upstream(JsonObject json) throws InputRefused {
        String destination = json.text("DestinationName");
        if (destination.isEmpty() || destination.equals("*")) {
            throw InputRefused.invalid("upstream destination name cannot be empty or '*'");
        }
        String type = json.text("DestinationType");
        if (!type.isEmpty() && !type.equals("service")) {
            throw InputRefused.invalid(
                    "Invalid DestinationType '" + type + "' of upstream " + destination + " (expected: service)");
        }
        Upstream upstream =
                new Upstream(source, ServiceReader.serviceName(destination), bind(json, destination), user, group);
        json.ignore("DestinationNamespace", "Datacenter", "Config", "MeshGateway", "IngressHosts");
        json.finish();
        return upstream;
    }

    private static Upstream.Bind bind(JsonObject json, String destination) throws InputRefused {
        String path = ServiceReader.socketPath("LocalBindSocketPath", json.text("LocalBindSocketPath"));
        Optional<Integer> mode = mode(json.text("LocalBindSocketMode"));
        Optional<String> owner = CheckReader.nonEmpty(json.text("LocalBindSocketOwner"));
        Optional<String> group = CheckReader.nonEmpty(json.text("LocalBindSocketGroup"));
        String address = CheckReader.firstOf(json.text("LocalBindAddress"), "127.0.0.1");
        int port = json.number("LocalBindPort", 0, 0, LAST_PORT);
        if (path.isEmpty() == (port == 0)) {
            throw InputRefused.invalid(
                    "upstream " + destination + ": exactly one of LocalBindPort and LocalBindSocketPath is needed");
        }
        if (!path.isEmpty()) {
            return new Upstream.UnixBind(path, mode, owner, group);
        }
        boolean loopback =
                IpAddress.tryParse(address).map(ConnectReader::isLoopback).orElse(address.equals("localhost"));
        if (!loopback) {
            throw InputRefused.invalid("upstream " + destination + ": LocalBindAddress '" + address
                    + "' (expected: a loopback address; the socket is this service's identity)");
        }
        return new Upstream.TcpBind(address.equals("localhost") ? "127.0.0.1" : address, port);
    }

    private static boolean isLoopback(IpAddress address) {
        return address.isIpv4() ? address.bytes()[0] == 127 : address.toString().equals("::1");
    }

    private static Optional<Integer> mode(String text) throws InputRefused {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.matches("0?[0-7]{3}")) {
            throw InputRefused.invalid(
                    "Invalid LocalBindSocketMode '" + text + "' (expected: octal text such as \"0600\")");
        }
        return Optional.of(Integer.parseInt(text, 8) & MODE_BITS);
    }
}
