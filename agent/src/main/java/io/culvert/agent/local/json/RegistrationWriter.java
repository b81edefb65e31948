package io.culvert.agent.local.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.local.ServiceRegistration;
import io.culvert.catalog.ServiceInstance;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.proxy.Upstream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes registrations in the form that {@link RegistrationReader} reads: what was read is written and read again the same. */
public final class RegistrationWriter {
    private RegistrationWriter() {}

    public static void service(JsonGenerator json, ServiceRegistration registration) throws IOException {
        ServiceInstance service = registration.service();
        json.writeStartObject();
        json.writeStringField("ID", service.id());
        json.writeStringField("Name", service.name().text());
        texts(json, "Tags", service.tags());
        pairs(json, "Meta", service.meta());
        text(json, "Address", service.address());
        json.writeNumberField("Port", service.port());
        text(json, "SocketPath", service.socketPath());
        taggedAddresses(json, service.taggedAddresses());
        json.writeObjectFieldStart("Weights");
        json.writeNumberField("Passing", service.weights().passing());
        json.writeNumberField("Warning", service.weights().warning());
        json.writeEndObject();
        json.writeBooleanField("EnableTagOverride", service.enableTagOverride());
        text(json, "User", registration.user());
        text(json, "Group", registration.group());
        if (service.mesh()) {
            connect(json, registration);
        }
        json.writeArrayFieldStart("Checks");
        for (CheckDefinition check : registration.checks()) {
            check(json, check);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** A check outside of a service names its service itself. */
    public static void check(JsonGenerator json, CheckDefinition check) throws IOException {
        json.writeStartObject();
        json.writeStringField("ID", check.id());
        json.writeStringField("Name", check.name());
        text(json, "Notes", check.notes());
        text(json, "ServiceID", check.serviceId());
        json.writeStringField("Status", check.initialStatus().word());
        kind(json, check.kind());
        duration(json, "Interval", check.interval());
        duration(json, "Timeout", check.timeout());
        json.writeNumberField("SuccessBeforePassing", check.successBeforePassing());
        json.writeNumberField("FailuresBeforeCritical", check.failuresBeforeCritical());
        duration(
                json,
                "DeregisterCriticalServiceAfter",
                check.deregisterCriticalServiceAfter().orElse(Duration.ZERO));
        json.writeNumberField("OutputMaxSize", check.outputMaxSize());
        json.writeEndObject();
    }

    private static void taggedAddresses(JsonGenerator json, Map<String, ServiceInstance.TaggedAddress> addresses)
            throws IOException {
        json.writeObjectFieldStart("TaggedAddresses");
        for (Map.Entry<String, ServiceInstance.TaggedAddress> entry : addresses.entrySet()) {
            json.writeObjectFieldStart(entry.getKey());
            json.writeStringField("Address", entry.getValue().address());
            json.writeNumberField("Port", entry.getValue().port());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void connect(JsonGenerator json, ServiceRegistration registration) throws IOException {
        ServiceRegistration.Target target = registration.target();
        json.writeObjectFieldStart("Connect");
        json.writeObjectFieldStart("SidecarService");
        json.writeObjectFieldStart("Proxy");
        text(json, "LocalServiceAddress", target.address());
        json.writeNumberField("LocalServicePort", target.port());
        text(json, "LocalServiceSocketPath", target.socketPath());
        json.writeArrayFieldStart("Upstreams");
        for (Upstream upstream : registration.upstreams()) {
            upstream(json, upstream);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void upstream(JsonGenerator json, Upstream upstream) throws IOException {
        json.writeStartObject();
        json.writeStringField("DestinationName", upstream.destination().text());
        if (upstream.bind() instanceof Upstream.UnixBind unix) {
            json.writeStringField("LocalBindSocketPath", unix.path());
            text(
                    json,
                    "LocalBindSocketMode",
                    unix.mode().map(RegistrationWriter::octal).orElse(""));
            text(json, "LocalBindSocketOwner", unix.owner().orElse(""));
            text(json, "LocalBindSocketGroup", unix.group().orElse(""));
        } else if (upstream.bind() instanceof Upstream.TcpBind tcp) {
            json.writeStringField("LocalBindAddress", tcp.address());
            json.writeNumberField("LocalBindPort", tcp.port());
        }
        json.writeEndObject();
    }

    private static String octal(int mode) {
        String digits = Integer.toOctalString(mode);
        return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }

    private static void kind(JsonGenerator json, CheckKind kind) throws IOException {
        if (kind instanceof CheckKind.Script script) {
            texts(json, "Args", script.args());
            pairs(json, "Environment", script.environment());
            text(json, "WorkingDirectory", script.workingDirectory());
            text(json, "User", script.user());
        } else if (kind instanceof CheckKind.Http http) {
            http(json, http);
        } else if (kind instanceof CheckKind.Tcp tcp) {
            json.writeStringField("TCP", hostPort(tcp.host(), tcp.port()));
        } else if (kind instanceof CheckKind.Unix unix) {
            json.writeStringField("UNIX", unix.path());
        } else if (kind instanceof CheckKind.Ttl ttl) {
            duration(json, "TTL", ttl.ttl());
        } else if (kind instanceof CheckKind.Grpc grpc) {
            String service = grpc.service().isEmpty() ? "" : "/" + grpc.service();
            json.writeStringField("GRPC", hostPort(grpc.host(), grpc.port()) + service);
            json.writeBooleanField("GRPCUseTLS", grpc.tls().isPresent());
            tls(json, grpc.tls().orElse(CheckKind.TlsOptions.DEFAULT));
        } else if (kind instanceof CheckKind.Alias alias) {
            text(json, "AliasNode", alias.node());
            text(json, "AliasService", alias.serviceId());
        }
    }

    private static void http(JsonGenerator json, CheckKind.Http http) throws IOException {
        json.writeStringField("HTTP", http.url());
        json.writeStringField("Method", http.method());
        json.writeObjectFieldStart("Header");
        for (Map.Entry<String, List<String>> header : http.headers().entrySet()) {
            texts(json, header.getKey(), header.getValue());
        }
        json.writeEndObject();
        text(json, "Body", http.body());
        text(json, "SocketPath", http.socketPath());
        tls(json, http.tls());
    }

    private static void tls(JsonGenerator json, CheckKind.TlsOptions tls) throws IOException {
        Optional<String> name = tls.serverName();
        text(json, "TLSServerName", name.orElse(""));
        json.writeBooleanField("TLSSkipVerify", tls.skipVerify());
        text(json, "TLSCAFile", tls.caFile().orElse(""));
    }

    private static String hostPort(String host, int port) {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }

    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    private static void duration(JsonGenerator json, String name, Duration value) throws IOException {
        if (!value.isZero()) {
            json.writeStringField(name, GoDuration.format(value));
        }
    }

    private static void texts(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static void pairs(JsonGenerator json, String name, Map<String, String> pairs) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            json.writeStringField(pair.getKey(), pair.getValue());
        }
        json.writeEndObject();
    }
}
