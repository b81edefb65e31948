package io.culvert.agent.http.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.http.Membership;
import io.culvert.agent.http.json.ConsulJson;
import io.culvert.agent.http.json.MemberJson;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.pool.Hint;
import io.culvert.agent.pool.PoolWatch;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.gossip.JoinStatus;
import io.culvert.gossip.MemberView;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code /v1/culvert/members} and {@code /v1/culvert/pool}: who there is, and what is wrong. */
final class PoolEndpoints {
    private final Membership membership;

    PoolEndpoints(Membership membership) {
        this.membership = membership;
    }

    void add(Router.Builder routes) {
        routes.get("/v1/culvert/members", request -> members()).get("/v1/culvert/pool", request -> pool());
    }

    private Reply members() {
        List<MemberView> members = membership.members().stream()
                .sorted(Comparator.comparing((MemberView member) ->
                                member.name().map(NodeName::folded).orElse(""))
                        .thenComparing(MemberView::id))
                .toList();
        return Answer.json(json -> ConsulJson.array(json, members, MemberJson::ownMember));
    }

    private Reply pool() {
        Membership.PoolState state = membership.pool();
        return Answer.json(json -> {
            json.writeStartObject();
            counts(json, state.members());
            watch(json, state.watch(), state.members());
            join(json, state.join());
            json.writeFieldName("Hints");
            ConsulJson.array(json, state.hints(), PoolEndpoints::hint);
            json.writeEndObject();
        });
    }

    private static void counts(JsonGenerator json, List<MemberView> members) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (Liveness liveness : Liveness.values()) {
            counts.put(liveness.name().toLowerCase(Locale.ROOT), 0);
        }
        members.forEach(member -> counts.merge(member.liveness().name().toLowerCase(Locale.ROOT), 1, Integer::sum));
        json.writeObjectFieldStart("Members");
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            json.writeNumberField(count.getKey(), count.getValue());
        }
        json.writeEndObject();
    }

    private static void watch(JsonGenerator json, PoolWatch.State state, List<MemberView> members) throws IOException {
        json.writeBooleanField("Frozen", state.frozenFor().isPresent());
        json.writeBooleanField("CloneSuspected", state.cloned());
        json.writeNumberField("HealthScore", state.healthScore());
        ConsulJson.texts(json, "ByStreamOnly", names(state.byStream(), members));
    }

    private static List<String> names(Collection<NodeId> ids, List<MemberView> members) {
        return members.stream()
                .filter(member -> ids.contains(member.id()))
                .map(member ->
                        member.name().map(NodeName::text).orElse(member.id().toString()))
                .sorted()
                .toList();
    }

    private static void join(JsonGenerator json, JoinStatus join) throws IOException {
        json.writeObjectFieldStart("Join");
        json.writeBooleanField("Searching", join.searching());
        json.writeNumberField("SilentRounds", join.silentRounds());
        ConsulJson.texts(json, "Asked", join.asked());
        ConsulJson.texts(json, "Unresolved", join.unresolved());
        if (join.nextIn().isPresent()) {
            json.writeNumberField("NextInSeconds", join.nextIn().get().toMillis() / 1_000.0);
        } else {
            json.writeNullField("NextInSeconds");
        }
        json.writeEndObject();
    }

    private static void hint(JsonGenerator json, Hint hint) throws IOException {
        json.writeStartObject();
        json.writeStringField("Kind", hint.kind().word());
        json.writeStringField("What", hint.what());
        json.writeStringField("Remedy", hint.remedy());
        json.writeEndObject();
    }
}
