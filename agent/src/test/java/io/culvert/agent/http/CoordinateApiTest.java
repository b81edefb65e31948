package io.culvert.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Coordinate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Four hosts on a line, at 0, 30, 10 and 20 ms, and one that nobody knows the place of. */
class CoordinateApiTest {
    @TempDir
    Path directory;

    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi(directory);
        place(1, 0);
        for (int id : new int[] {2, 3, 4, 5}) {
            api.otherHost(id, "web", CheckStatus.PASSING);
        }
        place(2, 0.030f);
        place(3, 0.010f);
        place(4, 0.020f);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void place(int id, float seconds) {
        float[] place = new float[Coordinate.DIMENSIONS];
        place[0] = seconds;
        api.doors.coordinates.put(new NodeId(id, id), new Coordinate(place, 10e-6f, 0, 0.25f));
    }

    private List<String> names(String path, String pointer) {
        List<String> names = new ArrayList<>();
        for (JsonNode element : api.json(path)) {
            names.add(element.at(pointer).asText());
        }
        // Of health/state each host has several checks.
        return new ArrayList<>(new LinkedHashSet<>(names));
    }

    @Test
    void coordinates_have_consuls_shape() {
        JsonNode nodes = api.json("/v1/coordinate/nodes");
        assertThat(nodes).hasSize(4);
        JsonNode second = nodes.get(1);
        assertThat(second.fieldNames()).toIterable().containsExactly("Node", "Segment", "Coord");
        assertThat(second.path("Node").asText()).isEqualTo("n2");
        assertThat(second.path("Coord").fieldNames())
                .toIterable()
                .containsExactly("Vec", "Error", "Adjustment", "Height");
        assertThat(second.at("/Coord/Vec")).hasSize(8);
        assertThat(second.at("/Coord/Vec/0").asDouble()).isEqualTo(0.03, org.assertj.core.api.Assertions.within(1e-6));
        assertThat(second.at("/Coord/Error").asDouble()).isEqualTo(0.25);
        assertThat(api.get("/v1/coordinate/nodes").headers().firstValue("X-Consul-Index"))
                .isPresent();

        assertThat(names("/v1/coordinate/node/N3", "/Node")).containsExactly("n3");
        assertThat(api.get("/v1/coordinate/node/n5").statusCode()).isEqualTo(404);
        assertThat(api.get("/v1/coordinate/node/nope").statusCode()).isEqualTo(404);
        assertThat(api.put("/v1/coordinate/update", "{}").statusCode()).isEqualTo(501);

        JsonNode datacenters = api.json("/v1/coordinate/datacenters");
        assertThat(datacenters).hasSize(1);
        assertThat(datacenters.get(0).fieldNames()).toIterable().containsExactly("Datacenter", "AreaID", "Coordinates");
        assertThat(datacenters.at("/0/Datacenter").asText()).isEqualTo("dc1");
        assertThat(datacenters.at("/0/Coordinates").findValuesAsText("Node"))
                .as("servers")
                .containsExactly("n1");
        assertThat(api.json("/v1/agent/self").at("/Coord/Error").asDouble()).isEqualTo(0.25);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/catalog/service/web?|/Node",
                "/v1/health/service/web?passing&|/Node/Node",
                "/v1/health/checks/web?|/Node",
                "/v1/health/state/passing?|/Node",
                "/v1/catalog/nodes?|/Node",
            })
    void near_sorts_by_the_round_trip_and_leaves_nobody_out(String row) {
        String path = row.substring(0, row.indexOf('|'));
        String pointer = row.substring(row.indexOf('|') + 1);
        List<String> fromAgent = names(path + "near=_agent", pointer);
        fromAgent.remove("n1");
        assertThat(fromAgent).containsExactly("n3", "n4", "n2", "n5");
        List<String> fromN2 = names(path + "near=n2", pointer);
        fromN2.remove("n1");
        assertThat(fromN2)
                .as("the node itself first, the one without a place last")
                .containsExactly("n2", "n4", "n3", "n5");
        for (String unknown : List.of("near=nope", "near=n5", "near=")) {
            List<String> asTheyCame = names(path + unknown, pointer);
            asTheyCame.remove("n1");
            assertThat(asTheyCame).as(unknown).containsExactlyInAnyOrder("n2", "n3", "n4", "n5");
        }
    }

    @Test
    void the_round_trip_between_two_hosts_is_told_or_why_not() {
        JsonNode pair = api.json("/v1/culvert/rtt/n2/n3");
        assertThat(pair.path("Seconds").asDouble()).isEqualTo(0.02002, org.assertj.core.api.Assertions.within(1e-6));
        assertThat(pair.path("Error").asDouble()).isEqualTo(0.25);
        assertThat(api.json("/v1/culvert/rtt/n3").path("To").asText()).isEqualTo("n1");
        assertThat(api.json("/v1/culvert/rtt/n3/n3").path("Seconds").asDouble()).isZero();
        assertThat(api.get("/v1/culvert/rtt/nope").body()).contains("no node 'nope' is known", "culvert members");
        assertThat(api.get("/v1/culvert/rtt/n5").body()).contains("'n5'", "not known yet");
        assertThat(api.get("/v1/culvert/rtt/n5").statusCode()).isEqualTo(404);
    }
}
