package io.culvert.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.culvert.gossip.JoinStatus;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolApiTest {
    @TempDir
    Path directory;

    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi(directory);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "n2|200|",
                "n3|200|",
                "n1|409|'n1' takes part in the pool: only a failed member can be given up, and nothing was changed",
                "nope|500|agent: No node found with name 'nope'",
                "slow|500|the pool did not give 'slow' up in time",
            })
    void a_member_is_given_up_only_when_it_failed(String node, int status, String words) {
        HttpResponse<String> answer = api.put("/v1/agent/force-leave/" + node, "");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(words == null ? "" : words);
    }

    @Test
    void prune_is_handed_on() {
        api.put("/v1/agent/force-leave/n2?prune", "");
        api.put("/v1/agent/force-leave/n2?prune=true", "");
        api.put("/v1/agent/force-leave/n2?prune=0", "");
        assertThat(api.doors.forcedOut).containsExactly("n2 for good", "n2 for good", "n2");
    }

    @Test
    void the_pool_says_what_is_wrong_and_what_to_do() {
        api.doors.watch.frozen(true);
        api.doors.watch.datagramsLost(api.doors.members().get(1).id());
        api.doors.join = new JoinStatus(
                true, 3, List.of("10.0.0.9:8301"), List.of("a.example: no"), Optional.of(Duration.ofMillis(1_500)));

        JsonNode pool = api.json("/v1/culvert/pool");

        assertThat(pool.at("/Members/alive").asInt()).isEqualTo(1);
        assertThat(pool.at("/Members/failed").asInt()).isEqualTo(1);
        assertThat(pool.at("/Members/suspect").asInt(-1)).isZero();
        assertThat(pool.at("/Frozen").asBoolean()).isTrue();
        assertThat(pool.at("/CloneSuspected").asBoolean(true)).isFalse();
        assertThat(pool.at("/ByStreamOnly/0").asText()).isEqualTo("n2");
        assertThat(pool.at("/Join/Searching").asBoolean()).isTrue();
        assertThat(pool.at("/Join/SilentRounds").asInt()).isEqualTo(3);
        assertThat(pool.at("/Join/Asked/0").asText()).isEqualTo("10.0.0.9:8301");
        assertThat(pool.at("/Join/Unresolved/0").asText()).isEqualTo("a.example: no");
        assertThat(pool.at("/Join/NextInSeconds").asDouble()).isEqualTo(1.5);
        assertThat(pool.at("/Hints").findValuesAsText("Kind")).containsExactly("frozen", "alone", "udp");
        assertThat(pool.at("/Hints").findValuesAsText("Remedy"))
                .allSatisfy(remedy -> assertThat(remedy).isNotBlank());
    }
}
