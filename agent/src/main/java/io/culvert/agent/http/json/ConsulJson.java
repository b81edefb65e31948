package io.culvert.agent.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.local.json.GoDuration;
import io.culvert.catalog.CatalogInstance;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.Weights;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objects that several endpoints share. Field order is Consul's, because people compare dumps. */
public final class ConsulJson {
    /** Key of a node's meta that Consul always shows. */
    private static final String SEGMENT = "consul-network-segment";

    private ConsulJson() {}

    /** As in {@code catalog/nodes}; the caller stands inside an object and ends it. */
    public static void nodeFields(JsonGenerator json, CatalogNode node, long base) throws IOException {
        nodeHead(json, node.node());
        nodeMeta(json, "Meta", node.node());
        indexes(json, base + node.createIndex(), base + node.modifyIndex());
    }

    public static void node(JsonGenerator json, CatalogNode node, long base) throws IOException {
        json.writeStartObject();
        nodeFields(json, node, base);
        json.writeEndObject();
    }

    private static void nodeHead(JsonGenerator json, NodeRecord node) throws IOException {
        json.writeStringField("ID", node.id().toUuid());
        json.writeStringField("Node", node.name().text());
        json.writeStringField("Address", node.address().toString());
        json.writeStringField("Datacenter", node.datacenter());
        String address = node.address().toString();
        String family = node.address().isIpv4() ? "ipv4" : "ipv6";
        json.writeObjectFieldStart("TaggedAddresses");
        json.writeStringField("lan", address);
        json.writeStringField("lan_" + family, address);
        json.writeStringField("wan", address);
        json.writeStringField("wan_" + family, address);
        json.writeEndObject();
    }

    private static void nodeMeta(JsonGenerator json, String field, NodeRecord node) throws IOException {
        Map<String, String> meta = new TreeMap<>(node.meta());
        meta.putIfAbsent(SEGMENT, "");
        pairs(json, field, meta);
    }

    /** One element of {@code catalog/service}: node and service in one flat object. */
    public static void flatService(JsonGenerator json, CatalogInstance instance, long base, long modified)
            throws IOException {
        ServiceInstance service = instance.service();
        json.writeStartObject();
        nodeHead(json, instance.host().node());
        nodeMeta(json, "NodeMeta", instance.host().node());
        json.writeStringField("ServiceKind", "");
        json.writeStringField("ServiceID", service.id());
        json.writeStringField("ServiceName", service.name().text());
        texts(json, "ServiceTags", service.tags());
        json.writeStringField("ServiceAddress", service.address());
        if (!service.taggedAddresses().isEmpty()) {
            taggedAddresses(json, "ServiceTaggedAddresses", service);
        }
        weights(json, "ServiceWeights", service.weights());
        pairs(json, "ServiceMeta", service.meta());
        json.writeNumberField("ServicePort", service.port());
        json.writeStringField("ServiceSocketPath", service.socketPath());
        json.writeBooleanField("ServiceEnableTagOverride", service.enableTagOverride());
        emptyProxy(json, "ServiceProxy");
        emptyObject(json, "ServiceConnect");
        indexes(json, base + instance.host().createIndex(), base + modified);
        json.writeEndObject();
    }

    /** The {@code NodeService} of catalogue and health answers. */
    public static void nodeService(JsonGenerator json, ServiceInstance service, long created, long modified)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("ID", service.id());
        json.writeStringField("Service", service.name().text());
        texts(json, "Tags", service.tags());
        json.writeStringField("Address", service.address());
        optionalPlaces(json, service);
        pairs(json, "Meta", service.meta());
        if (service.port() != 0) {
            json.writeNumberField("Port", service.port());
        }
        weights(json, "Weights", service.weights());
        json.writeBooleanField("EnableTagOverride", service.enableTagOverride());
        emptyProxy(json, "Proxy");
        emptyObject(json, "Connect");
        indexes(json, created, modified);
        json.writeEndObject();
    }

    /** One value of {@code agent/services}; the caller stands inside an object and ends it. */
    public static void agentServiceFields(JsonGenerator json, ServiceInstance service) throws IOException {
        json.writeStringField("ID", service.id());
        json.writeStringField("Service", service.name().text());
        texts(json, "Tags", service.tags());
        pairs(json, "Meta", service.meta());
        json.writeNumberField("Port", service.port());
        json.writeStringField("Address", service.address());
        optionalPlaces(json, service);
        weights(json, "Weights", service.weights());
        json.writeBooleanField("EnableTagOverride", service.enableTagOverride());
    }

    private static void optionalPlaces(JsonGenerator json, ServiceInstance service) throws IOException {
        if (!service.taggedAddresses().isEmpty()) {
            taggedAddresses(json, "TaggedAddresses", service);
        }
        if (!service.socketPath().isEmpty()) {
            json.writeStringField("SocketPath", service.socketPath());
        }
    }

    /** @param longDefinition as {@code agent/health} shows it: with durations of zero */
    public static void check(JsonGenerator json, CheckView check, boolean longDefinition) throws IOException {
        json.writeStartObject();
        json.writeStringField("Node", check.node());
        json.writeStringField("CheckID", check.state().id());
        json.writeStringField("Name", check.state().name());
        json.writeStringField("Status", check.state().status().word());
        json.writeStringField("Notes", check.state().notes());
        json.writeStringField("Output", check.output());
        json.writeStringField("ServiceID", check.state().serviceId());
        json.writeStringField("ServiceName", check.serviceName());
        texts(json, "ServiceTags", check.serviceTags());
        json.writeStringField("Type", check.state().type());
        json.writeStringField(
                "Interval",
                check.timing()
                        .map(timing -> GoDuration.format(timing.interval()))
                        .orElse(""));
        json.writeStringField(
                "Timeout",
                check.timing()
                        .map(timing -> GoDuration.format(timing.timeout()))
                        .orElse(""));
        json.writeNumberField("ExposedPort", 0);
        json.writeObjectFieldStart("Definition");
        if (longDefinition) {
            json.writeStringField("Interval", "0s");
            json.writeStringField("Timeout", "0s");
            json.writeStringField("DeregisterCriticalServiceAfter", "0s");
            json.writeStringField("HTTP", "");
            json.writeNullField("Header");
            json.writeStringField("Method", "");
            json.writeStringField("Body", "");
            json.writeStringField("TLSServerName", "");
            json.writeBooleanField("TLSSkipVerify", false);
            json.writeStringField("TCP", "");
        }
        json.writeEndObject();
        indexes(json, check.createIndex(), check.modifyIndex());
        json.writeEndObject();
    }

    public static void texts(JsonGenerator json, String name, Iterable<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /** In order of the keys, as Go writes maps. */
    public static void pairs(JsonGenerator json, String name, Map<String, String> pairs) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> pair : new TreeMap<>(pairs).entrySet()) {
            json.writeStringField(pair.getKey(), pair.getValue());
        }
        json.writeEndObject();
    }

    public static void indexes(JsonGenerator json, long created, long modified) throws IOException {
        json.writeNumberField("CreateIndex", created);
        json.writeNumberField("ModifyIndex", modified);
    }

    public static void emptyObject(JsonGenerator json, String name) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeEndObject();
    }

    private static void emptyProxy(JsonGenerator json, String name) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("Mode", "");
        emptyObject(json, "MeshGateway");
        emptyObject(json, "Expose");
        json.writeEndObject();
    }

    private static void weights(JsonGenerator json, String name, Weights weights) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("Passing", weights.passing());
        json.writeNumberField("Warning", weights.warning());
        json.writeEndObject();
    }

    private static void taggedAddresses(JsonGenerator json, String name, ServiceInstance service) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, ServiceInstance.TaggedAddress> address :
                new TreeMap<>(service.taggedAddresses()).entrySet()) {
            json.writeObjectFieldStart(address.getKey());
            json.writeStringField("Address", address.getValue().address());
            json.writeNumberField("Port", address.getValue().port());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** Elements of a list, one after the other. */
    public static <T> void array(JsonGenerator json, List<T> elements, Element<T> writer) throws IOException {
        json.writeStartArray();
        for (T element : elements) {
            writer.write(json, element);
        }
        json.writeEndArray();
    }

    /** Writes one element. */
    @FunctionalInterface
    public interface Element<T> {
        void write(JsonGenerator json, T element) throws IOException;
    }
}
