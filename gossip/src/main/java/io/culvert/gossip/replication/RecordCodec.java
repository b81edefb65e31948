package io.culvert.gossip.replication;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceInstance.TaggedAddress;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.Weights;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.MalformedFrame.Reason;
import io.culvert.gossip.wire.WireReader;
import io.culvert.gossip.wire.WireWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records as bytes: {@code kind u8, schema u8, fields}. A schema above ours, and a kind we do not know, is handed on
 * unread; fields behind the last one we know are ignored. So a later agent may add fields without a new schema, and
 * raises the schema only when older agents would understand something wrong. The same record always gives the same bytes:
 * a restarted owner is recognized by its hash. The output of a check is not here: it stays on its host.
 */
public final class RecordCodec {
    static final int SCHEMA = 1;
    static final int NODE = 1;
    static final int SERVICE = 2;
    static final int CHECK = 3;
    /** Where the status of a check is: a flip changes this one byte. */
    static final int STATUS_AT = 2;

    private static final int ID_BYTES = 512;
    private static final int NAME_BYTES = 512;
    private static final int ADDRESS_BYTES = 255;
    private static final int TEXT_BYTES = 4_096;
    private static final int TAGS = 256;
    private static final int PAIRS = 64;

    private RecordCodec() {}

    public static byte[] encode(NodeRecord node) {
        WireWriter writer = start(NODE)
                .bytes(node.id().bytes())
                .text(node.name().text())
                .block(node.address().bytes())
                .text(node.datacenter());
        return pairs(writer, node.meta())
                .u16(node.tunnelPort())
                .flag(node.server())
                .text(node.version())
                .toBytes();
    }

    public static byte[] encode(ServiceInstance service) {
        WireWriter writer = start(SERVICE)
                .text(service.id())
                .text(service.name().text())
                .varint(service.tags().size());
        service.tags().forEach(writer::text);
        pairs(writer, service.meta())
                .text(service.address())
                .u16(service.port())
                .text(service.socketPath())
                .varint(service.taggedAddresses().size());
        new TreeMap<>(service.taggedAddresses())
                .forEach((name, tagged) ->
                        writer.text(name).text(tagged.address()).u16(tagged.port()));
        return writer.u16(service.weights().passing())
                .u16(service.weights().warning())
                .flag(service.enableTagOverride())
                .flag(service.mesh())
                .u48(service.firstRegistered())
                .toBytes();
    }

    public static byte[] encode(CheckState check) {
        return start(CHECK)
                .u8(check.status().ordinal())
                .text(check.id())
                .text(check.name())
                .text(check.serviceId())
                .text(check.type())
                .text(check.notes())
                .toBytes();
    }

    /** Reads any bytes. */
    public static ContentRecord decode(byte[] body) throws MalformedFrame {
        if (body.length > ContentLimits.RECORD_BYTES) {
            throw new MalformedFrame(Reason.TOO_LARGE, "record");
        }
        WireReader reader = WireReader.of(body);
        int kind = reader.u8("kind");
        if (reader.u8("schema") > SCHEMA) {
            return new ContentRecord.Unknown(kind);
        }
        try {
            return switch (kind) {
                case NODE -> new ContentRecord.OfNode(node(reader));
                case SERVICE -> new ContentRecord.OfService(service(reader));
                case CHECK -> new ContentRecord.OfCheck(check(reader));
                default -> new ContentRecord.Unknown(kind);
            };
        } catch (IllegalArgumentException valueRefused) {
            // The values of the catalogue check themselves.
            throw new MalformedFrame(Reason.INVALID, "record of kind " + kind);
        }
    }

    /** Whether these are the bytes of a check, so that a status can be set in them. */
    static boolean isCheck(byte[] body) {
        return body.length > STATUS_AT && body[0] == CHECK && body[1] == SCHEMA;
    }

    static boolean isCritical(byte[] body) {
        return isCheck(body) && body[STATUS_AT] == CheckStatus.CRITICAL.ordinal();
    }

    static byte[] withStatus(byte[] check, CheckStatus status) {
        byte[] changed = check.clone();
        changed[STATUS_AT] = (byte) status.ordinal();
        return changed;
    }

    static CheckStatus status(int code) throws MalformedFrame {
        if (code >= CheckStatus.values().length) {
            throw new MalformedFrame(Reason.INVALID, "check status");
        }
        return CheckStatus.values()[code];
    }

    private static NodeRecord node(WireReader reader) throws MalformedFrame {
        return new NodeRecord(
                NodeId.of(reader.bytes(NodeId.BYTES, "node id")),
                new NodeName(reader.text(NAME_BYTES, "node name")),
                IpAddress.of(reader.block(16, "node address")),
                reader.text(NAME_BYTES, "datacenter"),
                pairs(reader, "node meta"),
                reader.u16("tunnel port"),
                reader.flag("server"),
                reader.text(NAME_BYTES, "version"));
    }

    private static ServiceInstance service(WireReader reader) throws MalformedFrame {
        return new ServiceInstance(
                reader.text(ID_BYTES, "service id"),
                new ServiceName(reader.text(NAME_BYTES, "service name")),
                tags(reader),
                pairs(reader, "service meta"),
                reader.text(ADDRESS_BYTES, "service address"),
                reader.u16("service port"),
                reader.text(ADDRESS_BYTES, "socket path"),
                taggedAddresses(reader),
                new Weights(reader.u16("passing weight"), reader.u16("warning weight")),
                reader.flag("tag override"),
                reader.flag("mesh"),
                reader.u48("first registered"));
    }

    private static CheckState check(WireReader reader) throws MalformedFrame {
        CheckStatus status = status(reader.u8("check status"));
        return new CheckState(
                reader.text(ID_BYTES, "check id"),
                reader.text(TEXT_BYTES, "check name"),
                status,
                reader.text(ID_BYTES, "check service id"),
                reader.text(NAME_BYTES, "check type"),
                reader.text(TEXT_BYTES, "check notes"));
    }

    private static List<String> tags(WireReader reader) throws MalformedFrame {
        int count = reader.count(TAGS, 1, "tags");
        List<String> tags = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tags.add(reader.text(TEXT_BYTES, "tag"));
        }
        return tags;
    }

    private static Map<String, TaggedAddress> taggedAddresses(WireReader reader) throws MalformedFrame {
        int count = reader.count(PAIRS, 4, "tagged addresses");
        Map<String, TaggedAddress> addresses = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = reader.text(NAME_BYTES, "tagged address");
            addresses.put(name, new TaggedAddress(reader.text(ADDRESS_BYTES, "tagged address"), reader.u16("port")));
        }
        return addresses;
    }

    private static Map<String, String> pairs(WireReader reader, String field) throws MalformedFrame {
        int count = reader.count(PAIRS, 2, field);
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = reader.text(NAME_BYTES, field);
            pairs.put(key, reader.text(TEXT_BYTES, field));
        }
        return pairs;
    }

    private static WireWriter start(int kind) {
        return new WireWriter(128).u8(kind).u8(SCHEMA);
    }

    // Sorted: the same map must give the same bytes in every process.
    private static WireWriter pairs(WireWriter writer, Map<String, String> pairs) {
        writer.varint(pairs.size());
        new TreeMap<>(pairs).forEach((key, value) -> writer.text(key).text(value));
        return writer;
    }
}
