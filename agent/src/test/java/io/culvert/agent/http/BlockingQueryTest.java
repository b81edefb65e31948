package io.culvert.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.catalog.CheckStatus;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockingQueryTest {
    @TempDir
    Path directory;

    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi(directory);
        api.otherHost(2, "web", CheckStatus.PASSING);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/health/service/web",
        "/v1/catalog/service/web",
        "/v1/health/checks/web",
        "/v1/catalog/services",
        "/v1/health/state/any",
        "/v1/health/node/n2",
        "/v1/catalog/node/n2"
    })
    void a_change_wakes_who_waits_for_it(String path) throws Exception {
        long index = api.index(path);
        CompletableFuture<HttpResponse<String>> waiting = api.later(path + "?index=" + index);
        await().until(() -> blocked() == 1);

        api.otherHost(2, "web", CheckStatus.CRITICAL);

        HttpResponse<String> answer = waiting.get(20, TimeUnit.SECONDS);
        assertThat(Long.parseLong(answer.headers().firstValue("X-Consul-Index").orElseThrow()))
                .isGreaterThan(index);
    }

    @Test
    void a_change_of_another_service_wakes_nobody() {
        long index = api.index("/v1/health/service/web");
        CompletableFuture<HttpResponse<String>> waiting = api.later("/v1/health/service/web?index=" + index);
        CompletableFuture<HttpResponse<String>> absent =
                api.later("/v1/health/service/none?index=" + api.index("/v1/health/service/none"));
        await().until(() -> blocked() == 2);

        for (int i = 0; i < 50; i++) {
            api.otherHost(3, "db", i % 2 == 0 ? CheckStatus.CRITICAL : CheckStatus.PASSING);
        }

        assertThat(api.index("/v1/health/service/web")).isEqualTo(index);
        assertThat(blocked()).isEqualTo(2);
        assertThat(waiting).isNotDone();
        assertThat(absent).isNotDone();
    }

    @Test
    void a_service_that_appears_wakes_who_waited_for_it() throws Exception {
        CompletableFuture<HttpResponse<String>> waiting =
                api.later("/v1/health/service/new?index=" + api.index("/v1/health/service/new"));
        await().until(() -> blocked() == 1);

        api.otherHost(3, "new", CheckStatus.PASSING);

        assertThat(waiting.get(20, TimeUnit.SECONDS).body()).contains("new-3");
    }

    @Test
    void the_time_ends_it_with_the_same_data_and_index() throws Exception {
        long index = api.index("/v1/health/service/web");

        HttpResponse<String> answer = api.later("/v1/health/service/web?index=" + index + "&wait=50ms")
                .get(20, TimeUnit.SECONDS);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("web-2");
        assertThat(answer.headers().firstValue("X-Consul-Index")).contains(Long.toString(index));
    }

    @Test
    void an_index_of_the_future_waits_the_time_out_and_gives_the_lower_one() throws Exception {
        long index = api.index("/v1/catalog/nodes");

        HttpResponse<String> answer = api.later("/v1/catalog/nodes?wait=50ms&index=" + Long.toUnsignedString(-1))
                .get(20, TimeUnit.SECONDS);

        assertThat(answer.headers().firstValue("X-Consul-Index")).contains(Long.toString(index));
    }

    @Test
    void no_index_an_index_of_zero_and_an_old_one_never_wait() {
        assertThat(api.get("/v1/health/service/web?index=0&wait=5m").statusCode())
                .isEqualTo(200);
        assertThat(api.get("/v1/health/service/web?index=1&wait=5m").statusCode())
                .isEqualTo(200);
        assertThat(api.get("/v1/health/service/web?wait=5m").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "index=x, Invalid index",
        "index=-1, Invalid index",
        "index=99999999999999999999, Invalid index",
        "index=1&wait=10, Invalid wait time",
        "index=1&wait=x, Invalid wait time"
    })
    void bad_parameters_are_refused_in_consuls_words(String query, String body) {
        HttpResponse<String> answer = api.get("/v1/catalog/nodes?" + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(body);
    }

    @Test
    void an_intention_wakes_who_waits_for_intentions() throws Exception {
        CompletableFuture<HttpResponse<String>> waiting =
                api.later("/v1/connect/intentions?index=" + api.index("/v1/connect/intentions"));
        await().until(() -> blocked() == 1);

        api.put("/v1/connect/intentions/exact?source=a&destination=b", "{\"Action\":\"allow\"}");

        assertThat(waiting.get(20, TimeUnit.SECONDS).body()).contains("\"SourceName\":\"a\"");
    }

    @Test
    void a_hash_waits_until_the_service_is_another() throws Exception {
        api.put("/v1/agent/service/register", "{\"Name\":\"x\",\"Port\":1}");
        String hash = api.json("/v1/agent/service/x").get("ContentHash").asText();
        CompletableFuture<HttpResponse<String>> waiting = api.later("/v1/agent/service/x?hash=" + hash);
        await().until(() -> blocked() == 1);
        api.put("/v1/agent/service/register", "{\"Name\":\"other\",\"Port\":1}");
        assertThat(waiting).isNotDone();

        api.put("/v1/agent/service/register", "{\"Name\":\"x\",\"Port\":2}");

        assertThat(waiting.get(20, TimeUnit.SECONDS).body()).contains("\"Port\":2");
        assertThat(api.get("/v1/agent/service/x?hash=" + hash + "&wait=1m").body())
                .contains("\"Port\":2");
    }

    @Test
    void a_client_that_goes_away_is_not_waited_for() throws Exception {
        long index = api.index("/v1/health/service/web");
        try (Socket socket = api.connect()) {
            socket.getOutputStream()
                    .write(("GET /v1/health/service/web?index=" + index + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> blocked() == 1);
        }

        await().atMost(Duration.ofSeconds(20)).until(() -> blocked() == 0);
    }

    @Test
    void beyond_the_bound_a_read_is_refused_and_the_others_go_on_waiting() throws Exception {
        HttpApiSettings.Limits few = new HttpApiSettings.Limits(
                100, 100, 1 << 20, 16 << 10, Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofSeconds(60), 2);
        try (RunningApi small = new RunningApi(directory.resolve("small"), all -> RunningApi.with(all, few))) {
            long index = small.index("/v1/catalog/nodes");
            List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
            waiting.add(small.later("/v1/catalog/nodes?index=" + index));
            waiting.add(small.later("/v1/catalog/nodes?index=" + index));
            await().until(() -> blocked(small) == 2);

            assertThat(small.get("/v1/catalog/nodes?index=" + index).statusCode())
                    .isEqualTo(429);

            small.otherHost(2, "web", CheckStatus.PASSING);
            for (CompletableFuture<HttpResponse<String>> one : waiting) {
                assertThat(one.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void many_watchers_of_one_service_are_all_woken_once() throws Exception {
        long index = api.index("/v1/health/service/web");
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            waiting.add(api.later("/v1/health/service/web?index=" + index));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> blocked() == 300);

        api.otherHost(2, "web", CheckStatus.CRITICAL);

        for (CompletableFuture<HttpResponse<String>> one : waiting) {
            assertThat(one.get(20, TimeUnit.SECONDS).body()).contains("\"Status\":\"critical\"");
        }
        assertThat(blocked()).isZero();
    }

    private int blocked() {
        return blocked(api);
    }

    private static int blocked(RunningApi api) {
        String line = api.get("/metrics")
                .body()
                .lines()
                .filter(metric -> metric.startsWith("culvert_http_blocking_queries "))
                .findFirst()
                .orElseThrow();
        return (int) Double.parseDouble(line.substring(line.indexOf(' ')));
    }
}
