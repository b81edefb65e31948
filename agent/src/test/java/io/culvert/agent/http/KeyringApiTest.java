package io.culvert.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.culvert.agent.keyring.KeyringProgress;
import io.culvert.agent.keyring.KeyringProgress.Host;
import io.culvert.agent.keyring.KeyringProgress.State;
import io.culvert.agent.keyring.PoolKeys;
import io.culvert.gossip.keyring.PoolKey;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyringApiTest {
    private static final String CONSUL = "/v1/operator/keyring";
    private static final String OWN = "/v1/culvert/keyring";

    private final PoolKey key = PoolKey.generate(new SecureRandom());

    @TempDir
    private Path directory;

    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi(directory);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static KeyringProgress ended(String problem) {
        return new KeyringProgress(
                "list",
                "asking",
                false,
                problem,
                List.of(
                        new Host("n1", State.DONE, List.of("00000002", "00000001"), ""),
                        new Host("n2", State.FAILED, List.of(), "no answer in time"),
                        new Host("n3", State.DONE, List.of("00000001"), ""),
                        new Host("n4", State.DOWN, List.of(), "down")));
    }

    private CompletableFuture<HttpResponse<String>> begun(String method, String body) {
        CompletableFuture<HttpResponse<String>> answer =
                CompletableFuture.supplyAsync(() -> api.send(method, CONSUL, body));
        await().atMost(Duration.ofSeconds(20)).until(() -> !api.keys.begun.isEmpty());
        return answer;
    }

    @Test
    void the_list_counts_hosts_by_key_and_names_who_did_not_answer_in_consuls_shape() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = begun("GET", "");
        assertThat(answer).isNotDone();

        api.keys.progress(ended(""));

        JsonNode ring =
                RunningApi.parse(answer.get(20, TimeUnit.SECONDS).body()).get(0);
        assertThat(api.keys.begun).containsExactly(new PoolKeys.Show());
        assertThat(ring.get("WAN").asBoolean(true)).isFalse();
        assertThat(ring.get("Datacenter").asText()).isEqualTo("dc1");
        assertThat(ring.at("/Keys/00000001").asInt()).isEqualTo(2);
        assertThat(ring.at("/Keys/00000002").asInt()).isEqualTo(1);
        assertThat(ring.at("/PrimaryKeys/00000001").asInt()).isEqualTo(1);
        assertThat(ring.at("/NumNodes").asInt()).isEqualTo(3);
        assertThat(ring.at("/Messages/n2").asText()).isEqualTo("no answer in time");
    }

    @Test
    void only_the_own_keys_are_shown_without_asking_anybody() {
        JsonNode ring = api.json(CONSUL + "?local-only=true").get(0);

        assertThat(ring.at("/PrimaryKeys/00000001").asInt()).isEqualTo(1);
        assertThat(ring.at("/NumNodes").asInt()).isEqualTo(1);
        assertThat(api.keys.begun).isEmpty();
    }

    @Test
    void a_write_is_answered_when_every_host_has_followed() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = begun("POST", "{\"Key\":\"" + key.reveal() + "\"}");
        assertThat(answer).isNotDone();
        api.keys.progress(ended(""));

        assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(answer.get().body()).isEmpty();
        assertThat(api.keys.begun).containsExactly(new PoolKeys.Install(Optional.of(key)));
    }

    @Test
    void a_key_is_named_by_itself_as_consuls_clients_do_or_by_its_number() throws Exception {
        CompletableFuture<HttpResponse<String>> byKey = begun("PUT", "{\"Key\":\"" + key.reveal() + "\"}");
        api.keys.progress(ended(""));
        assertThat(byKey.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        api.keys.begun.clear();
        CompletableFuture<HttpResponse<String>> byNumber = begun("DELETE", "{\"Key\":\"0000ABCD\"}");
        assertThat(api.keys.begun).containsExactly(new PoolKeys.Remove("0000abcd", false));

        api.keys.progress(ended("key 0000abcd is needed by n2"));

        assertThat(byNumber.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
        assertThat(byNumber.get().body()).contains("needed by n2");
    }

    @Test
    void what_is_refused_says_why_and_shows_no_secret() {
        api.keys.refusal = Optional.of("gossip keys are changed on the server of the mesh: s1");
        HttpResponse<String> elsewhere = api.put(CONSUL, "{\"Key\":\"" + key.reveal() + "\"}");
        assertThat(elsewhere.statusCode()).isEqualTo(400);
        assertThat(elsewhere.body()).contains("s1").doesNotContain(key.reveal());
        assertThat(api.get(CONSUL).statusCode()).isEqualTo(400);

        String almost = key.reveal().substring(1);
        for (String body : List.of("{\"Key\":\"" + almost + "\"}", "{\"Key\":\"\"}", "{}", "[]", "{\"Kye\":\"x\"}")) {
            HttpResponse<String> answer = api.send("POST", CONSUL, body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(answer.body()).doesNotContain(almost);
        }
        assertThat(api.get(CONSUL + "?relay-factor=6").statusCode()).isEqualTo(400);
    }

    @Test
    void the_progress_tells_how_far_each_host_is() {
        HttpResponse<String> begun = api.send("POST", OWN, "{\"Operation\":\"rotate\"}");
        assertThat(begun.statusCode()).isEqualTo(200);
        assertThat(RunningApi.parse(begun.body()).get("Running").asBoolean()).isTrue();
        assertThat(api.keys.begun).containsExactly(new PoolKeys.Rotate());
        api.keys.unfinished = Optional.of("00000002");
        api.keys.progress(ended("n2 did not follow"));

        JsonNode progress = api.json(OWN);

        assertThat(progress.get("Running").asBoolean(true)).isFalse();
        assertThat(progress.get("Problem").asText()).isEqualTo("n2 did not follow");
        assertThat(progress.get("Unfinished").asText()).isEqualTo("00000002");
        assertThat(progress.at("/Own/0").asText()).isEqualTo("00000001");
        assertThat(progress.at("/Hosts/1/Node").asText()).isEqualTo("n2");
        assertThat(progress.at("/Hosts/1/State").asText()).isEqualTo("failed");
        assertThat(progress.at("/Hosts/0/Keys/0").asText()).isEqualTo("00000002");
        assertThat(api.send("POST", OWN, "{\"Operation\":\"turn\"}").statusCode())
                .isEqualTo(400);
    }
}
