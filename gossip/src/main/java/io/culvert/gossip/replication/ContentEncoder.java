package io.culvert.gossip.replication;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.ServiceInstance;
import io.culvert.gossip.wire.MalformedFrame;
import java.util.LinkedHashMap;
import java.util.Map;

/** All that a host publishes as encoded records, by a name that stays the same for as long as the record is there. */
final class ContentEncoder {
    static final String NODE_NAME = "node";

    private final Map<String, byte[]> bodies = new LinkedHashMap<>();
    private int bytes;

    private ContentEncoder() {}

    /** @throws ContentRefused if a record or all together are more than the pool carries, or an id is there twice */
    static Map<String, byte[]> encode(NodeContent content) throws ContentRefused {
        ContentEncoder encoder = new ContentEncoder();
        encoder.add(NODE_NAME, "node '" + content.node().name() + "'", RecordCodec.encode(content.node()));
        for (ServiceInstance service : content.services()) {
            encoder.add("service/" + service.id(), "service '" + service.id() + "'", RecordCodec.encode(service));
        }
        for (CheckState check : content.checks()) {
            encoder.add("check/" + check.id(), "check '" + check.id() + "'", RecordCodec.encode(check));
        }
        return encoder.bodies;
    }

    private void add(String name, String shown, byte[] body) throws ContentRefused {
        if (body.length > ContentLimits.RECORD_BYTES) {
            throw refused(shown, body.length + " bytes (expected: at most " + ContentLimits.RECORD_BYTES + ")");
        }
        try {
            // What no receiver would read must not be sent: the same code decides here and there.
            RecordCodec.decode(body);
        } catch (MalformedFrame unreadable) {
            throw refused(shown, unreadable.field() + ": " + unreadable.reason());
        }
        if (bodies.put(name, body) != null) {
            throw refused(shown, "the id is there twice");
        }
        bytes += body.length;
        if (bodies.size() > ContentLimits.RECORDS || bytes > ContentLimits.SET_BYTES) {
            throw refused(
                    shown,
                    "with it the host has " + bodies.size() + " records of " + bytes + " bytes (expected: at most "
                            + ContentLimits.RECORDS + " records, " + ContentLimits.SET_BYTES + " bytes)");
        }
    }

    private static ContentRefused refused(String shown, String why) {
        return new ContentRefused(shown + ": " + why + "; nothing was published");
    }
}
