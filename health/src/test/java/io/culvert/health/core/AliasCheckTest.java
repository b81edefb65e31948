package io.culvert.health.core;

import static io.culvert.catalog.CheckStatus.CRITICAL;
import static io.culvert.catalog.CheckStatus.PASSING;
import static io.culvert.catalog.CheckStatus.WARNING;
import static io.culvert.health.Definitions.alias;
import static io.culvert.health.Definitions.service;
import static io.culvert.health.Definitions.ttl;
import static io.culvert.health.core.ScheduleBench.OTHER;
import static io.culvert.health.core.ScheduleBench.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.ServiceInstance;
import io.culvert.health.CheckDefinition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliasCheckTest {
    private static final Duration TTL = Duration.ofHours(10);
    private static final ServiceInstance DB = ServiceInstance.of("db", "db", 5432);

    private final ScheduleBench bench = new ScheduleBench();

    private static CheckDefinition ttlOf(String id, String serviceId) {
        return service(ttl(id, TTL), serviceId);
    }

    private static CheckState state(String id, String serviceId, CheckStatus status, String type) {
        return new CheckState(id, "name of " + id, status, serviceId, type, "notes of " + id);
    }

    @ParameterizedTest
    @CsvSource({
        "PASSING, PASSING, PASSING",
        "PASSING, WARNING, WARNING",
        "WARNING, PASSING, WARNING",
        "CRITICAL, WARNING, CRITICAL",
        "WARNING, CRITICAL, CRITICAL",
        "CRITICAL, CRITICAL, CRITICAL",
    })
    void it_is_as_bad_as_the_worst_check_of_its_target_and_follows_at_once(
            CheckStatus first, CheckStatus second, CheckStatus mirrored) {
        bench.apply(ttlOf("a", "db"), ttlOf("b", "db"), ttlOf("c", "web"), service(alias("m", "", "db"), "shop"));
        bench.report("a", first, "one");
        bench.report("b", second, "two");
        bench.report("c", CRITICAL, "of another service");
        assertThat(bench.status("m")).isEqualTo(mirrored);
    }

    @Test
    void it_carries_the_text_of_what_fails() {
        bench.apply(ttlOf("a", "db"), alias("m", "", "db"));
        bench.report("a", PASSING, "ok");
        assertThat(bench.result("m").output()).isEqualTo("All checks passing.");
        bench.report("a", CRITICAL, "disk full");
        assertThat(bench.result("m").output()).isEqualTo("Aliased check \"name of a\" failing: disk full");
    }

    @Test
    void checks_of_the_node_concern_every_service_on_it() {
        bench.apply(ttlOf("a", "db"), ttl("disk", TTL), service(alias("m", "", "db"), "shop"));
        bench.report("a", PASSING, "");
        assertThat(bench.status("m")).isEqualTo(CRITICAL);
        bench.report("disk", WARNING, "80 %");
        assertThat(bench.status("m")).isEqualTo(WARNING);
    }

    @Test
    void a_service_without_checks_is_passing() {
        bench.publish(SELF, "here", List.of(DB), List.of());
        bench.apply(service(alias("m", "", "db"), "shop"));
        assertThat(bench.status("m")).isEqualTo(PASSING);
        assertThat(bench.result("m").output()).isEqualTo("No checks found.");
    }

    @Test
    void maintenance_of_the_target_counts_though_the_agent_keeps_it() {
        bench.apply(service(alias("m", "", "db"), "shop"));
        bench.publish(SELF, "here", List.of(DB), List.of());
        assertThat(bench.status("m")).isEqualTo(PASSING);
        bench.publish(SELF, "here", List.of(DB), List.of(state("x", "db", CRITICAL, CheckState.MAINTENANCE)));
        assertThat(bench.status("m")).isEqualTo(CRITICAL);
        bench.publish(SELF, "here", List.of(DB), List.of(state("x", "web", CRITICAL, CheckState.MAINTENANCE)));
        assertThat(bench.status("m")).isEqualTo(PASSING);
    }

    @Test
    void the_own_node_by_name_is_the_own_node() {
        bench.publish(SELF, "here", List.of(DB), List.of());
        bench.apply(ttlOf("a", "db"), alias("m", "here", "db"));
        bench.report("a", WARNING, "slow");
        assertThat(bench.result("m").output()).isEqualTo("Aliased check \"name of a\" failing: slow");
    }

    @Test
    void a_missing_target_is_critical_after_the_time_the_catalogue_gets_to_fill() {
        bench.apply(alias("m", "", "db")).pass(AliasCheck.GRACE);
        assertThat(bench.status("m")).isEqualTo(CRITICAL);
        assertThat(bench.result("m").output()).isEqualTo("Service db could not be found on node this node");
    }

    @Test
    void a_target_that_vanishes_is_critical_at_once() {
        bench.publish(SELF, "here", List.of(DB), List.of());
        bench.apply(service(alias("m", "", "db"), "shop"));
        bench.publish(SELF, "here", List.of(), List.of());
        assertThat(bench.status("m")).isEqualTo(CRITICAL);
        assertThat(bench.result("m").output()).isEqualTo("Service db could not be found on node here");
    }

    @Test
    void a_restart_does_not_make_it_flap_while_the_catalogue_fills() {
        bench.publish(OTHER, "there", List.of(DB), List.of());
        bench.apply(alias("m", "there", "db"));
        assertThat(bench.status("m")).isEqualTo(PASSING);
        ScheduleBench again = new ScheduleBench();
        again.restore(bench.schedule.persisted(), alias("m", "there", "db"));
        again.pass(Duration.ofSeconds(20));
        again.publish(OTHER, "there", List.of(DB), List.of());
        again.pass(AliasCheck.GRACE);
        assertThat(again.status("m")).isEqualTo(PASSING);
        assertThat(again.changes).isEmpty();
    }

    @Test
    void a_service_on_another_host_is_mirrored_from_the_catalogue_with_its_liveness() {
        bench.apply(alias("m", "there", "db"));
        bench.publish(OTHER, "there", List.of(DB), List.of(state("x", "db", WARNING, "tcp")));
        assertThat(bench.status("m")).isEqualTo(WARNING);
        bench.catalog.livenessChanged(OTHER, Liveness.FAILED);
        assertThat(bench.status("m")).isEqualTo(CRITICAL);
        assertThat(bench.result("m").output()).startsWith("Aliased check \"Serf Health Status\" failing");
        bench.catalog.livenessChanged(OTHER, Liveness.ALIVE);
        assertThat(bench.status("m")).isEqualTo(WARNING);
        bench.catalog.forgotten(OTHER);
        assertThat(bench.result("m").output()).isEqualTo("Service db could not be found on node there");
    }

    @Test
    void a_node_as_a_whole_can_be_mirrored() {
        bench.apply(alias("m", "there", ""));
        bench.publish(OTHER, "there", List.of(DB), List.of(state("x", "db", CRITICAL, "tcp")));
        assertThat(bench.status("m"))
                .as("checks of its services are not the node's")
                .isEqualTo(PASSING);
    }

    @Test
    void two_that_point_at_each_other_do_not_keep_each_other_critical() {
        bench.apply(
                service(alias("m", "", "two"), "one"),
                service(alias("n", "", "one"), "two"),
                ttlOf("a", "one"),
                ttlOf("b", "two"));
        assertThat(bench.status("m")).isEqualTo(CRITICAL);
        assertThat(bench.status("n")).isEqualTo(CRITICAL);
        bench.report("a", PASSING, "");
        bench.report("b", PASSING, "");
        assertThat(bench.status("m")).isEqualTo(PASSING);
        assertThat(bench.status("n")).isEqualTo(PASSING);
    }

    @Test
    void a_chain_of_aliases_follows_within_one_step() {
        bench.apply(
                service(alias("m1", "", "s2"), "s1"),
                service(alias("m2", "", "s3"), "s2"),
                service(alias("m3", "there", "db"), "s3"));
        bench.publish(OTHER, "there", List.of(DB), List.of());
        assertThat(List.of(bench.status("m1"), bench.status("m2"), bench.status("m3")))
                .containsOnly(PASSING);
        bench.catalog.livenessChanged(OTHER, Liveness.FAILED);
        assertThat(List.of(bench.status("m1"), bench.status("m2"), bench.status("m3")))
                .containsOnly(CRITICAL);
    }

    @Test
    void a_removed_alias_looks_no_more() {
        bench.apply(ttlOf("a", "db"), alias("m", "", "db"));
        bench.apply(ttlOf("a", "db"));
        bench.report("a", PASSING, "");
        assertThat(bench.schedule.results()).containsOnlyKeys("a");
    }
}
