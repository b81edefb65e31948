package io.culvert.health.core;

import static io.culvert.catalog.CheckStatus.CRITICAL;
import static io.culvert.catalog.CheckStatus.PASSING;
import static io.culvert.catalog.CheckStatus.WARNING;
import static io.culvert.health.Definitions.deregister;
import static io.culvert.health.Definitions.service;
import static io.culvert.health.Definitions.ttl;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.health.CheckDefinition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeregistrationTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration MOMENT = Duration.ofNanos(1);
    private static final CheckDefinition CHECK = deregister(service(ttl("t", Duration.ofHours(10)), "db"), LIMIT);

    private final ScheduleBench bench = new ScheduleBench();

    @Test
    void a_service_that_is_critical_for_the_whole_limit_is_given_up() {
        bench.apply(CHECK);
        bench.report("t", CRITICAL, "down");
        bench.pass(LIMIT.minus(MOMENT));
        assertThat(bench.deregistered).isEmpty();
        bench.pass(MOMENT);
        assertThat(bench.deregistered).containsExactly("db");
    }

    @Test
    void a_break_starts_the_time_anew() {
        bench.apply(CHECK);
        bench.report("t", CRITICAL, "down");
        bench.pass(LIMIT.minus(MOMENT));
        bench.report("t", WARNING, "shaky");
        bench.report("t", CRITICAL, "down again");
        bench.pass(LIMIT.minus(MOMENT));
        assertThat(bench.deregistered).isEmpty();
        bench.pass(MOMENT);
        assertThat(bench.deregistered).containsExactly("db");
    }

    @Test
    void other_words_are_no_break() {
        bench.apply(CHECK);
        for (int i = 0; i < 6; i++) {
            bench.report("t", CRITICAL, "down " + i);
            bench.pass(LIMIT.dividedBy(6));
        }
        assertThat(bench.deregistered).containsExactly("db");
    }

    @Test
    void the_status_before_the_first_result_does_not_count() {
        bench.apply(CHECK).pass(LIMIT.multipliedBy(3));
        assertThat(bench.deregistered).isEmpty();
    }

    @Test
    void a_service_that_nobody_removed_is_reported_again() {
        bench.apply(CHECK);
        bench.report("t", CRITICAL, "down");
        bench.pass(LIMIT.plus(CheckMachine.DEREGISTRATION_REMINDER.multipliedBy(2)));
        assertThat(bench.deregistered).hasSize(3);
        bench.report("t", PASSING, "back");
        bench.pass(LIMIT.multipliedBy(10));
        assertThat(bench.deregistered).hasSize(3);
    }

    @Test
    void a_removed_check_gives_nothing_up() {
        bench.apply(CHECK);
        bench.report("t", CRITICAL, "down");
        bench.apply().pass(LIMIT.multipliedBy(2));
        assertThat(bench.deregistered).isEmpty();
    }

    @Test
    void a_check_of_the_node_gives_nothing_up() {
        bench.apply(service(CHECK, ""));
        bench.report("t", CRITICAL, "down");
        bench.pass(LIMIT.multipliedBy(2));
        assertThat(bench.deregistered).isEmpty();
    }

    @Test
    void a_reload_with_a_shorter_limit_counts_from_when_it_turned_critical() {
        bench.apply(deregister(CHECK, Duration.ofHours(1)));
        bench.report("t", CRITICAL, "down");
        bench.pass(Duration.ofSeconds(50));
        bench.apply(CHECK).pass(Duration.ofSeconds(10));
        assertThat(bench.deregistered).containsExactly("db");
    }

    @Test
    void flapping_does_not_pile_up_timers() {
        bench.apply(CHECK);
        for (int i = 0; i < 10_000; i++) {
            bench.report("t", i % 2 == 0 ? CRITICAL : PASSING, "");
        }
        assertThat(bench.timersSet).isLessThan(10);
    }
}
