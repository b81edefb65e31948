package io.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MainTest {
    private final FakeAgent agent = new FakeAgent();

    private record Outcome(int exitCode, String output, String errors) {}

    @AfterEach
    void close() throws IOException {
        agent.close();
    }

    private Outcome run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--http-addr");
        all.add(agent.address());
        return plain(all.toArray(String[]::new));
    }

    private static Outcome plain(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Main.run(arguments);
            return new Outcome(
                    exitCode, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void members_are_a_table_for_people_and_the_answer_itself_for_programs() {
        String answer =
                "[{\"Name\":\"db\",\"Address\":\"10.0.0.1:8301\",\"State\":\"alive\",\"Server\":true,\"Incarnation\":3}]";
        agent.answers("GET /v1/culvert/members", 200, answer);
        agent.answers("GET /v1/culvert/pool", 200, "{\"Hints\":[]}");
        Outcome table = run("members");
        assertThat(table.exitCode()).isZero();
        assertThat(table.output().lines()).hasSize(2);
        assertThat(table.output()).contains("NAME", "db", "10.0.0.1:8301", "alive", "server");
        assertThat(run("members", "--format", "json").output()).isEqualTo(answer + "\n");
    }

    @Test
    void a_row_of_members_has_everything_that_is_known_and_the_failed_are_shown() {
        agent.answers("GET /v1/culvert/pool", 200, "{\"Hints\":[]}");
        agent.answers("GET /v1/culvert/members", 200, """
            [{"Name":"db-1","Address":"10.0.0.1:8301","State":"alive","Server":false,"Incarnation":3,"RTT":"0.42ms",
              "Version":"0.1.0","Since":"1h2m0s","Reason":""},
             {"Name":"db-2","Address":"10.0.0.2:8301","State":"failed","Server":false,"Incarnation":7,"RTT":"",
              "Version":"0.1.0","Since":"15s","Reason":"no answer, accused by db-1"},
             {"Name":"web-1","Address":"10.0.0.3:8301","State":"suspect","Server":true,"Incarnation":0}]
            """);
        List<String> lines = run("members").output().lines().toList();
        assertThat(lines.get(0).split(" +"))
                .containsExactly(
                        "NAME", "ADDRESS", "STATE", "ROLE", "INCARNATION", "RTT", "VERSION", "SINCE", "REASON");
        assertThat(lines.get(1).split(" +"))
                .containsExactly("db-1", "10.0.0.1:8301", "alive", "agent", "3", "0.42ms", "0.1.0", "1h2m0s", "-");
        assertThat(lines.get(2)).contains("failed", "15s", "no answer, accused by db-1");

        assertThat(run("members", "db-*").output().lines()).hasSize(3);
        assertThat(run("members", "DB-?", "--status", "fail.*").output().lines())
                .hasSize(2);
        assertThat(run("members", "--status", "suspect", "--format", "json").output())
                .isEqualTo("[{\"Name\":\"web-1\",\"Address\":\"10.0.0.3:8301\",\"State\":\"suspect\",\"Server\":true,"
                        + "\"Incarnation\":0}]\n");
        assertThat(run("members", "db.*").errors()).contains("no member matches the name 'db.*'");
        assertThat(run("members", "--status", "(").errors()).contains("'(' is no regular expression");
        assertThat(run("members", "--status", "(").exitCode()).isEqualTo(2);
    }

    @Test
    void what_is_wrong_with_the_pool_stands_below_its_members_with_the_way_out() {
        agent.answers("GET /v1/culvert/members", 200, "[{\"Name\":\"db\",\"State\":\"alive\"}]");
        agent.answers(
                "GET /v1/culvert/pool",
                200,
                "{\"Hints\":[{\"Kind\":\"udp\",\"What\":\"3 of 4 members answer over TCP only\",\"Remedy\":\"Open UDP.\"}]}");
        Outcome outcome = run("members");
        assertThat(outcome.output().lines()).as("the table alone").hasSize(2);
        assertThat(outcome.errors())
                .isEqualTo("\nNeeds attention:\n  3 of 4 members answer over TCP only.\n    Open UDP.\n");
        assertThat(run("members", "--format", "json").errors()).isEmpty();
    }

    @Test
    void the_round_trip_between_two_hosts_is_an_estimate_and_says_when_it_is_a_guess() {
        agent.answers(
                "GET /v1/culvert/rtt/db-1/web-3",
                200,
                "{\"From\":\"db-1\",\"To\":\"web-3\",\"Seconds\":0.00061234,\"Error\":0.12}");
        agent.answers(
                "GET /v1/culvert/rtt/db-1", 200, "{\"From\":\"db-1\",\"To\":\"app\",\"Seconds\":2.0E-5,\"Error\":1.5}");
        agent.answers("GET /v1/culvert/rtt/nope", 404, "no node 'nope' is known");
        assertThat(run("rtt", "db-1", "web-3").output()).isEqualTo("db-1 to web-3: about 0.61 ms\n");
        assertThat(run("rtt", "db-1").output())
                .isEqualTo("db-1 to app: about 0.02 ms (a guess: too few probes so far)\n");
        assertThat(run("rtt", "db-1", "web-3", "--format", "json").output()).contains("\"Error\":0.12");
        assertThat(run("rtt", "nope").errors()).isEqualTo("culvert: no node 'nope' is known\n");
    }

    @Test
    void a_dead_member_is_given_up_and_a_living_one_refused_in_the_agents_words() {
        agent.answers("PUT /v1/agent/force-leave/db-2", 200, "");
        agent.answers("PUT /v1/agent/force-leave/db-3?prune", 200, "");
        agent.answers("PUT /v1/agent/force-leave/db-1", 409, "'db-1' takes part in the pool");
        assertThat(run("force-leave", "db-2").output()).isEqualTo("Given up: db-2\n");
        assertThat(run("force-leave", "--prune", "db-3").exitCode()).isZero();
        Outcome refused = run("force-leave", "db-1");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.errors()).isEqualTo("culvert: 'db-1' takes part in the pool\n");
    }

    @Test
    void nothing_that_matches_is_exit_code_two() {
        agent.answers("GET /v1/culvert/members", 200, "[{\"Name\":\"db\",\"State\":\"alive\"}]");
        assertThat(run("members", "--status", "failed").exitCode()).isEqualTo(2);
        agent.answers("GET /v1/health/service/nope", 200, "[]");
        assertThat(run("services", "nope"))
                .matches(o -> o.exitCode() == 2)
                .matches(o -> o.errors().contains("no service 'nope'"));
    }

    private static String ring(boolean running, String problem) {
        return "{\"Own\":[\"0000000a\"],\"Operation\":\"rotate\",\"Doing\":\"installing key 0000000b\",\"Running\":"
                + running
                + ",\"Problem\":\"" + problem + "\",\"Unfinished\":\"" + (problem.isEmpty() ? "" : "0000000b")
                + "\",\"Hosts\":[{\"Node\":\"db\",\"State\":\"done\",\"Keys\":[\"0000000a\",\"0000000b\"],\"Message\":\"\"},{\"Node\":\"app\",\"State\":\"failed\",\"Keys\":[],\"Message\":\"no"
                + " answer in time\"}]}";
    }

    @Test
    void a_change_of_keys_is_followed_to_its_end_and_each_host_is_a_line() {
        agent.answers("POST /v1/culvert/keyring", 200, ring(true, ""));
        agent.answers("GET /v1/culvert/keyring", 200, ring(false, ""));

        Outcome outcome = run("keyring", "use", "0000000b", "--force");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.errors()).contains("installing key 0000000b: 1 of 2 hosts");
        assertThat(outcome.output().lines()).hasSize(3);
        assertThat(outcome.output()).contains("SEALS WITH", "db", "done", "0000000a", "0000000b", "no answer in time");
        assertThat(agent.requests().get(0)).contains("\"Operation\":\"use\"", "\"Key\":\"0000000b\"", "\"Force\":true");
    }

    @Test
    void a_change_of_keys_that_does_not_reach_every_host_is_a_failure_with_the_way_out() {
        agent.answers("POST /v1/culvert/keyring", 200, ring(false, "1 living host did not follow: app"));

        Outcome outcome = run("keyring", "rotate");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("culvert: 1 living host did not follow: app");
        assertThat(outcome.output()).contains("'culvert keyring rotate' finishes it");
        agent.answers("POST /v1/culvert/keyring", 400, "gossip keys are changed on the server of the mesh: s1");
        assertThat(run("keyring", "list").errors()).contains("s1");
    }

    @Test
    void checks_of_another_host_or_a_service_are_asked_for_with_their_output() {
        String checks =
                "[{\"Node\":\"db\",\"CheckID\":\"c1\",\"Status\":\"critical\",\"Type\":\"tcp\",\"Output\":\"refused\"}]";
        agent.answers("GET /v1/health/node/db?output", 200, checks);
        agent.answers("GET /v1/health/checks/web?output", 200, checks);

        assertThat(run("checks", "--node", "db").output())
                .contains("c1", "refused")
                .doesNotContain("NODE");
        assertThat(run("checks", "--service", "web", "--fail"))
                .matches(outcome -> outcome.exitCode() == 1)
                .matches(outcome ->
                        outcome.output().contains("NODE") && outcome.output().contains("db"));
        assertThat(run("checks", "--node", "db", "--service", "web").exitCode()).isEqualTo(2);
    }

    @Test
    void an_answer_in_chunks_is_read() {
        agent.raw(
                "GET /v1/agent/checks",
                "HTTP/1.1 200 OK\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "5\r\n"
                        + "{\"a\":\r\n"
                        + "f\r\n"
                        + "{\"CheckID\":\"c1\"\r\n"
                        + "2\r\n"
                        + "}}\r\n"
                        + "0\r\n\r\n");
        assertThat(run("checks").output()).contains("c1");
    }

    @Test
    void a_refusal_is_printed_as_the_agent_said_it() {
        agent.answers("PUT /v1/agent/reload", 500, "web.hcl:3:1: unknown key 'prot'");
        Outcome outcome = run("reload");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).isEqualTo("culvert: web.hcl:3:1: unknown key 'prot'\n");
    }

    @Test
    void no_agent_is_said_with_the_way_out() {
        Outcome outcome = plain("members", "--http-addr", "http://127.0.0.1:1");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors())
                .contains("no agent answers at http://127.0.0.1:1", "Is it running?", "--http-addr");
        assertThat(plain("members", "--http-addr", "unix:///nowhere.sock").errors())
                .contains("unix:///nowhere.sock");
        assertThat(plain("members", "--http-addr", "https://127.0.0.1:8500").errors())
                .contains("plain HTTP");
    }

    @Test
    void an_answer_that_breaks_off_or_is_not_json_is_an_error_and_no_result() {
        agent.raw("GET /v1/culvert/members", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{");
        assertThat(run("members"))
                .matches(o -> o.exitCode() == 1)
                .matches(o -> o.errors().contains("of 100 bytes"));
        agent.answers("GET /v1/culvert/members", 200, "[{\"Name\":");
        assertThat(run("members"))
                .matches(o -> o.exitCode() == 1)
                .matches(o -> o.errors().contains("not JSON"));
        agent.raw("GET /v1/culvert/members", "SSH-2.0-OpenSSH\r\n\r\n");
        assertThat(run("members"))
                .matches(o -> o.exitCode() == 1)
                .matches(o -> o.errors().contains("not HTTP"));
    }

    @Test
    void an_intention_is_created_once_and_replaced_on_demand() {
        String exact = "/v1/connect/intentions/exact?source=host%2Fapp&destination=mysql";
        agent.answers("PUT " + exact, 200, "true");
        assertThat(run("intention", "create", "host/app", "mysql").exitCode()).isZero();
        assertThat(agent.requests()).last().asString().contains("\"Action\":\"allow\"");
        agent.answers("GET " + exact, 200, "{}");
        Outcome again = run("intention", "create", "--deny", "host/app", "mysql");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.errors()).contains("exists already", "--replace");
        assertThat(run("intention", "create", "--deny", "--replace", "host/app", "mysql")
                        .exitCode())
                .isZero();
        assertThat(agent.requests()).last().asString().contains("\"Action\":\"deny\"");
    }

    @Test
    void a_check_of_intentions_answers_with_its_exit_code() {
        String path = "GET /v1/connect/intentions/check?source=a&destination=b";
        agent.answers(path, 200, "{\"Allowed\":true,\"Reason\":\"because\"}");
        assertThat(run("intention", "check", "a", "b"))
                .matches(o -> o.exitCode() == 0)
                .matches(o -> o.output().contains("Allowed: because"));
        agent.answers(path, 200, "{\"Allowed\":false}");
        assertThat(run("intention", "check", "a", "b").exitCode()).isEqualTo(1);
        agent.answers(path, 500, "no");
        assertThat(run("intention", "check", "a", "b").exitCode()).isEqualTo(2);
    }

    @Test
    void deleting_what_is_not_there_is_an_error() {
        assertThat(run("intention", "delete", "a", "b").exitCode()).isEqualTo(1);
        assertThat(agent.requests()).noneMatch(request -> request.startsWith("DELETE"));
    }

    @Test
    void maintenance_names_what_it_takes_out_of_service() {
        agent.answers("PUT /v1/agent/service/maintenance/web?enable=true&reason=disk%20swap", 200, "");
        Outcome outcome = run("maint", "--enable", "--service", "web", "--reason", "disk swap");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).isEqualTo("Service web is in maintenance.\n");
        assertThat(run("maint", "--enable", "--disable").exitCode()).isEqualTo(2);
    }

    @Test
    void usage_errors_are_exit_code_two_and_help_is_zero() {
        assertThat(plain().exitCode()).isEqualTo(2);
        assertThat(plain("nonsense").exitCode()).isEqualTo(2);
        assertThat(plain("members", "--nonsense").exitCode()).isEqualTo(2);
        assertThat(plain("--help").exitCode()).isZero();
        assertThat(plain("intention", "create", "--help").exitCode()).isZero();
        assertThat(plain("help").output()).contains("members", "intention", "'culvert help COMMAND'");
        assertThat(plain("help", "members").output()).contains("Show the hosts of the pool");
        assertThat(plain("help", "nonsense").exitCode()).isEqualTo(2);
    }

    @Test
    void a_service_name_cannot_steer_the_request_elsewhere() {
        agent.answers("GET /v1/health/service/a%2F..%2Fb%3Fx%20y", 200, "[]");
        assertThat(run("services", "a/../b?x y").exitCode()).isEqualTo(2);
    }
}
