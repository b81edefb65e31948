package io.culvert.agent.local.json;

import io.culvert.agent.local.ServiceRegistration;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.UnixEndpoint;
import io.culvert.catalog.Weights;
import io.culvert.health.CheckDefinition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a service in Consul's form; the rules and words are those of a Consul agent where it has them. */
final class ServiceReader {
    private static final int LAST_PORT = 65_535;
    private static final int MOST_META = 64;
    private static final int LONGEST_META_VALUE = 512;
    private static final Pattern META_KEY = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{1,10}|[A-Za-z_][A-Za-z0-9_.-]{0,30}\\$?");
    private static final int LONGEST_ID = 255;

    /** Of one service; what it publishes goes to every agent. */
    private static final int MOST_TAGS = 256;

    private static final int MOST_CHECKS = 64;

    private ServiceReader() {}

    /** Reads and empties {@code json}; the name's field is {@code Name}. */
    static ServiceRegistration read(JsonObject json) throws InputRefused {
        String name = json.text("Name");
        if (name.isEmpty()) {
            throw InputRefused.invalid("Missing service name");
        }
        ServiceName serviceName = serviceName(name);
        String id = CheckReader.firstOf(json.text("ID"), name);
        if (id.length() > LONGEST_ID || id.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw InputRefused.invalid("Invalid service ID (expected: 1 to 255 characters, none of them for control)");
        }
        refuseProxyKinds(json);
        String user = account("User", json.text("User"));
        String group = account("Group", json.text("Group"));
        ConnectReader.Connect connect = new ConnectReader(serviceName, user, group).read(json);
        ServiceInstance service = instance(json, id, serviceName, connect.mesh());
        List<CheckDefinition> checks = checks(json, id, name);
        json.ignore("Token", "Namespace", "Partition", "EnterpriseMeta", "LocallyRegisteredAsSidecar", "Datacenter");
        json.finish();
        return new ServiceRegistration(service, checks, connect.target(), connect.upstreams(), user, group);
    }

    static ServiceName serviceName(String name) throws InputRefused {
        try {
            return new ServiceName(name);
        } catch (IllegalArgumentException e) {
            throw InputRefused.invalid("Invalid " + e.getMessage());
        }
    }

    private static String account(String field, String name) throws InputRefused {
        if (!name.isEmpty() && !ACCOUNT.matcher(name).matches()) {
            throw InputRefused.invalid(
                    "Invalid " + field + " '" + name + "' (expected: a name or a number of this system's accounts)");
        }
        return name;
    }

    private static void refuseProxyKinds(JsonObject json) throws InputRefused {
        String kind = json.text("Kind");
        switch (kind) {
            case "connect-proxy", "mesh-gateway", "terminating-gateway", "ingress-gateway" ->
                throw InputRefused.invalid("Invalid service Kind '" + kind
                        + "': the agent itself is the proxy of its host (expected: the service with "
                        + "Connect.SidecarService, and its upstreams in there)");
            default -> json.ignore("Kind");
        }
        Optional<JsonObject> proxy = json.object("Proxy");
        if (proxy.isPresent()) {
            JsonObject empty = proxy.get();
            empty.ignore("Mode", "MeshGateway", "Expose", "TransparentProxy");
            empty.finish();
        }
    }

    private static ServiceInstance instance(JsonObject json, String id, ServiceName name, boolean mesh)
            throws InputRefused {
        String address = json.text("Address");
        if (IpAddress.tryParse(address).map(IpAddress::isUnspecified).orElse(false)) {
            throw InputRefused.invalid("Invalid service address");
        }
        String socketPath = socketPath("SocketPath", json.text("SocketPath"));
        if (!socketPath.isEmpty() && !address.isEmpty()) {
            throw InputRefused.invalid(
                    "service '" + name + "' cannot have both socket path " + socketPath + " and address " + address);
        }
        int port = json.number("Port", 0, 0, LAST_PORT);
        List<String> tags = json.texts("Tags");
        if (tags.size() > MOST_TAGS) {
            throw InputRefused.invalid(
                    "Invalid Tags: " + tags.size() + " (expected: at most " + MOST_TAGS + "); nothing was changed");
        }
        return new ServiceInstance(
                id,
                name,
                tags,
                meta(json.textMap("Meta")),
                address,
                port,
                socketPath,
                taggedAddresses(json, address, port),
                weights(json),
                json.flag("EnableTagOverride"),
                mesh,
                0);
    }

    static String socketPath(String field, String path) throws InputRefused {
        boolean fits = path.getBytes(StandardCharsets.UTF_8).length <= UnixEndpoint.LONGEST_PATH;
        if (!path.isEmpty() && (!path.startsWith("/") || !fits || path.indexOf('\0') >= 0)) {
            throw InputRefused.invalid("Invalid " + field + " '" + path + "' (expected: an absolute path of at most "
                    + UnixEndpoint.LONGEST_PATH + " bytes)");
        }
        return path;
    }

    private static Map<String, String> meta(Map<String, String> meta) throws InputRefused {
        if (meta.size() > MOST_META) {
            throw InputRefused.invalid(
                    "Invalid Service Meta: Node metadata cannot contain more than 64 key/value pairs");
        }
        for (Map.Entry<String, String> pair : meta.entrySet()) {
            String key = pair.getKey();
            if (!META_KEY.matcher(key).matches()) {
                throw InputRefused.invalid("Invalid Service Meta: Couldn't load metadata pair ('" + key
                        + "'): Key is not 1 to 128 of A-Z, a-z, 0-9, _ and -");
            }
            if (key.startsWith("consul-")) {
                throw InputRefused.invalid("Invalid Service Meta: Couldn't load metadata pair ('" + key
                        + "'): Key prefix 'consul-' is reserved for internal use");
            }
            if (pair.getValue().length() > LONGEST_META_VALUE) {
                throw InputRefused.invalid("Invalid Service Meta: Couldn't load metadata pair ('" + key
                        + "'): Value is too long (limit: 512 characters)");
            }
        }
        return meta;
    }

    /** The service's own address is added under the names of its family, as Consul does. */
    private static Map<String, ServiceInstance.TaggedAddress> taggedAddresses(JsonObject json, String own, int port)
            throws InputRefused {
        Map<String, ServiceInstance.TaggedAddress> addresses = new LinkedHashMap<>();
        IpAddress.tryParse(own).ifPresent(ip -> {
            String family = ip.isIpv4() ? "ipv4" : "ipv6";
            addresses.put("lan_" + family, new ServiceInstance.TaggedAddress(own, port));
            addresses.put("wan_" + family, new ServiceInstance.TaggedAddress(own, port));
        });
        for (Map.Entry<String, JsonObject> entry :
                json.objectMap("TaggedAddresses").entrySet()) {
            JsonObject one = entry.getValue();
            String address = one.text("Address");
            Optional<IpAddress> literal = IpAddress.tryParse(address);
            boolean familyMatters =
                    entry.getKey().endsWith("_ipv4") || entry.getKey().endsWith("_ipv6");
            if (familyMatters
                    && literal.map(IpAddress::isIpv4).orElse(false)
                            != entry.getKey().endsWith("_ipv4")) {
                throw InputRefused.invalid("TaggedAddress '" + entry.getKey() + "' must be an "
                        + (entry.getKey().endsWith("_ipv4") ? "IPv4" : "IPv6") + " address (not '" + address + "')");
            }
            addresses.put(
                    entry.getKey(), new ServiceInstance.TaggedAddress(address, one.number("Port", 0, 0, LAST_PORT)));
            one.finish();
        }
        return addresses;
    }

    private static Weights weights(JsonObject json) throws InputRefused {
        Optional<JsonObject> weights = json.object("Weights");
        if (weights.isEmpty()) {
            return Weights.DEFAULT;
        }
        JsonObject given = weights.get();
        long passing = given.number("Passing").orElse(1);
        long warning = given.number("Warning").orElse(1);
        given.finish();
        if (passing < 1) {
            throw InputRefused.invalid("Invalid Weights: Passing must be greater than 0");
        }
        if (warning < 0) {
            throw InputRefused.invalid("Invalid Weights: Warning must be greater or equal than 0");
        }
        if (passing > LAST_PORT || warning > LAST_PORT) {
            throw InputRefused.invalid("Invalid Weights: must be less or equal than 65535");
        }
        return new Weights((int) passing, (int) warning);
    }

    /** The list first, then the single one: this order decides the automatic ids. */
    private static List<CheckDefinition> checks(JsonObject json, String serviceId, String name) throws InputRefused {
        List<JsonObject> written = new ArrayList<>(json.objects("Checks"));
        json.object("Check").ifPresent(written::add);
        if (written.size() > MOST_CHECKS) {
            throw InputRefused.invalid(
                    "Invalid Checks: " + written.size() + " (expected: at most " + MOST_CHECKS + ")");
        }
        List<CheckDefinition> checks = new ArrayList<>();
        for (JsonObject one : written) {
            String number = written.size() == 1 ? "" : ":" + (checks.size() + 1);
            one.ignore("ServiceID");
            checks.add(
                    CheckReader.read(one, serviceId, "service:" + serviceId + number, "Service '" + name + "' check"));
        }
        return checks;
    }
}
