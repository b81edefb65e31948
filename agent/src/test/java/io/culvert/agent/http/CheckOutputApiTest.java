package io.culvert.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.agent.outputs.CheckOutputs;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeId;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckOutputApiTest {
    @TempDir
    Path directory;

    private final List<CheckOutputs.Wanted> asked = new CopyOnWriteArrayList<>();
    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi(directory);
        api.otherHost(3, "web", CheckStatus.CRITICAL);
        api.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Port\":80,\"Check\":{\"TTL\":\"1h\"}}");
        api.outputs = wanted -> {
            asked.addAll(wanted);
            Map<NodeId, Map<String, String>> said = new HashMap<>();
            wanted.forEach(one -> said.put(one.host().id(), Map.of("c3", "connection refused on n3")));
            return said;
        };
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"health/service/web", "health/checks/web", "health/node/n3"})
    void output_of_another_host_is_fetched_for_who_asks_for_it_and_for_nobody_else(String path) {
        assertThat(api.json("/v1/" + path).findValuesAsText("Output")).doesNotContain("connection refused on n3");
        assertThat(asked).isEmpty();

        assertThat(api.json("/v1/" + path + "?output").findValuesAsText("Output"))
                .contains("connection refused on n3");

        assertThat(asked).singleElement().satisfies(wanted -> {
            assertThat(wanted.host().id()).isEqualTo(new NodeId(3, 3));
            assertThat(wanted.checks()).containsExactly("c3");
        });
    }

    @Test
    void this_hosts_own_output_is_shown_without_asking_anybody() {
        api.put("/v1/agent/check/update/service:web", "{\"Status\":\"passing\",\"Output\":\"fine\"}");

        assertThat(api.json("/v1/health/node/n1?output").findValuesAsText("Output"))
                .contains("fine");
        assertThat(asked).isEmpty();
    }

    @Test
    void a_blocking_read_that_has_nothing_new_asks_nobody_until_it_is_answered() {
        String path = "/v1/health/checks/web?output&wait=1s&index=";

        assertThat(api.json(path + api.index("/v1/health/checks/web")).findValuesAsText("Output"))
                .contains("connection refused on n3");

        assertThat(asked).hasSize(1);
    }
}
