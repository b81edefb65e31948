package io.culvert.agent.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.local.json.GoDuration;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeName;
import io.culvert.gossip.MemberView;
import io.culvert.gossip.wire.Coordinate;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Members of the pool: in Consul's form, and with all that is known in Culvert's own. */
public final class MemberJson {
    /** Serf's words for the states of a member, as numbers. */
    private static final int SERF_ALIVE = 1;

    private static final int SERF_LEFT = 3;
    private static final int SERF_FAILED = 4;

    private MemberJson() {}

    /** As in {@code agent/members}. */
    public static void member(JsonGenerator json, MemberView member, String datacenter) throws IOException {
        json.writeStartObject();
        json.writeStringField("Name", name(member));
        json.writeStringField("Addr", member.address().toString());
        json.writeNumberField("Port", member.port());
        ConsulJson.pairs(json, "Tags", tags(member, datacenter));
        json.writeNumberField("Status", serfStatus(member.liveness()));
        json.writeNumberField("ProtocolMin", 1);
        json.writeNumberField("ProtocolMax", 5);
        json.writeNumberField("ProtocolCur", 2);
        json.writeNumberField("DelegateMin", 2);
        json.writeNumberField("DelegateMax", 5);
        json.writeNumberField("DelegateCur", 4);
        json.writeEndObject();
    }

    private static Map<String, String> tags(MemberView member, String datacenter) {
        Map<String, String> tags = new TreeMap<>();
        tags.put("acls", "0");
        tags.put("build", member.version().orElse("") + ":");
        tags.put("dc", datacenter);
        tags.put("id", member.id().toUuid());
        tags.put("role", member.server() ? "consul" : "node");
        tags.put("segment", "");
        tags.put("vsn", "2");
        tags.put("vsn_max", "3");
        tags.put("vsn_min", "2");
        if (member.server()) {
            tags.put("port", Integer.toString(member.tunnelPort()));
            tags.put("raft_vsn", "3");
        }
        return tags;
    }

    private static int serfStatus(Liveness liveness) {
        return switch (liveness) {
            case ALIVE, SUSPECT -> SERF_ALIVE;
            case LEFT -> SERF_LEFT;
            case FAILED -> SERF_FAILED;
        };
    }

    /** As in {@code culvert/members}. */
    public static void ownMember(JsonGenerator json, MemberView member) throws IOException {
        json.writeStartObject();
        json.writeStringField("ID", member.id().toString());
        json.writeStringField("Name", name(member));
        String host = member.address().isIpv4() ? member.address().toString() : "[" + member.address() + "]";
        json.writeStringField("Address", host + ":" + member.port());
        json.writeNumberField("TunnelPort", member.tunnelPort());
        json.writeStringField("State", member.liveness().name().toLowerCase(Locale.ROOT));
        json.writeBooleanField("Server", member.server());
        json.writeBooleanField("Self", member.self());
        json.writeStringField(
                "RTT", member.roundTrip().map(MemberJson::milliseconds).orElse(""));
        json.writeNumberField("Epoch", member.epoch());
        json.writeNumberField("Incarnation", member.incarnation());
        json.writeStringField("Version", member.version().orElse(""));
        json.writeStringField("Since", seconds(member.sinceChange()));
        json.writeStringField("Reason", member.reason());
        json.writeStringField(
                "Heard", member.sinceHeard().map(MemberJson::seconds).orElse(""));
        json.writeBooleanField("ByStreamOnly", member.datagramsLost());
        json.writeEndObject();
    }

    private static String seconds(Duration duration) {
        return GoDuration.format(Duration.ofSeconds(duration.toSeconds()));
    }

    private static String milliseconds(Duration roundTrip) {
        return String.format(Locale.ROOT, "%.2fms", roundTrip.toNanos() / 1e6);
    }

    private static String name(MemberView member) {
        return member.name().map(NodeName::text).orElse(member.id().toString());
    }

    /** As Consul has it; seconds. */
    public static void coordinate(JsonGenerator json, Coordinate coordinate) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("Vec");
        for (float value : coordinate.place()) {
            json.writeNumber(value);
        }
        json.writeEndArray();
        json.writeNumberField("Error", coordinate.error());
        json.writeNumberField("Adjustment", coordinate.adjustment());
        json.writeNumberField("Height", coordinate.height());
        json.writeEndObject();
    }
}
