package io.culvert.health.core;

import static io.culvert.catalog.CheckStatus.CRITICAL;
import static io.culvert.catalog.CheckStatus.PASSING;
import static io.culvert.catalog.CheckStatus.WARNING;
import static io.culvert.health.Definitions.named;
import static io.culvert.health.Definitions.tcp;
import static io.culvert.health.Definitions.thresholds;
import static io.culvert.health.Definitions.timing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.CheckResult;
import io.culvert.health.Definitions;
import io.culvert.health.RestoredStatus;
import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProbedCheckTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final ScheduleBench bench = new ScheduleBench();

    @Test
    void a_first_result_comes_within_a_second_whatever_the_interval() {
        CheckDefinition slow = timing(tcp("c"), Duration.ofHours(1), Duration.ofSeconds(5));
        bench.apply(slow);
        assertThat(bench.result("c").lastRun()).isEmpty();
        bench.pass(SECOND.plus(bench.runTime));
        assertThat(bench.status("c")).isEqualTo(PASSING);
        assertThat(bench.result("c").lastDuration()).isEqualTo(bench.runTime);
    }

    @Test
    void a_thousand_checks_do_not_start_at_once_and_stay_spread() {
        bench.apply(IntStream.range(0, 1_000).mapToObj(i -> tcp("c" + i)).toArray(CheckDefinition[]::new));
        bench.pass(Duration.ofSeconds(60));
        assertThat(busiestTenth(Duration.ZERO, SECOND)).isLessThan(200);
        assertThat(busiestTenth(Duration.ofSeconds(30), Duration.ofSeconds(60))).isLessThan(60);
    }

    private long busiestTenth(Duration from, Duration to) {
        Map<Long, Long> counts = bench.starts.values().stream()
                .flatMap(List::stream)
                .filter(at -> at.compareTo(from) >= 0 && at.compareTo(to) < 0)
                .collect(java.util.stream.Collectors.groupingBy(
                        at -> at.toMillis() / 100, java.util.stream.Collectors.counting()));
        assertThat(counts).isNotEmpty();
        return counts.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    @Test
    void the_interval_counts_from_the_end_of_a_run_and_runs_never_overlap() {
        bench.runTime = Duration.ofSeconds(25);
        bench.apply(tcp("c")).pass(Duration.ofMinutes(10));
        List<Duration> starts = bench.starts("c");
        assertThat(starts).hasSizeGreaterThan(10);
        assertThat(starts.get(1).minus(starts.get(0)).minus(bench.runTime))
                .as("the first pause is cut to spread the load, by half at most")
                .isBetween(INTERVAL.dividedBy(2), INTERVAL);
        for (int i = 2; i < starts.size(); i++) {
            assertThat(starts.get(i).minus(starts.get(i - 1))).isEqualTo(bench.runTime.plus(INTERVAL));
        }
    }

    @ParameterizedTest
    @EnumSource(CheckStatus.class)
    void the_very_first_result_takes_effect_at_once_whatever_the_thresholds(CheckStatus first) {
        CheckDefinition strict = thresholds(tcp("c"), 5, 5);
        bench.answer(first, "first");
        bench.apply(strict).pass(Duration.ofSeconds(2));
        assertThat(bench.status("c")).isEqualTo(first);
        assertThat(bench.result("c").output()).isEqualTo("first");
    }

    /** Results in a row, and the status after each: p passing, w warning, c critical; t a script that was killed. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, pcwcp, pcwcp",
        "1, 1, pcwcp, pcwcp",
        "0, 2, pcpccp, pppp cp",
        "0, 3, pccpccc, ppppppc",
        "3, 0, cppcppp, ccccccp",
        "3, 0, cpwpw, cccpw",
        "2, 2, pcwcc, ppppc",
        "3, 3, pt, pc",
        "3, 3, ptppp, pcccp",
        "2, 2, wpcpcpcc, wpppppp c",
        "0, 1000000, pccccc, pppppp",
    })
    void thresholds_hold_the_old_state_until_they_are_reached(int success, int failures, String results, String after) {
        String expected = after.replace(" ", "");
        bench.answering = false;
        bench.apply(thresholds(tcp("c"), success, failures));
        StringBuilder seen = new StringBuilder();
        for (char result : results.toCharArray()) {
            bench.pass(INTERVAL.plus(SECOND));
            bench.endRun(of(result));
            seen.append(bench.status("c").word().charAt(0));
        }
        assertThat(seen).hasToString(expected);
    }

    private static ProbeResult of(char letter) {
        return switch (letter) {
            case 'p' -> ProbeResult.of(PASSING, "p");
            case 'w' -> ProbeResult.of(WARNING, "w");
            case 'c' -> ProbeResult.of(CRITICAL, "c");
            case 't' -> new ProbeResult(CRITICAL, "t", true);
            default -> throw new IllegalArgumentException("result letter: " + letter);
        };
    }

    @Test
    void output_changes_are_told_apart_from_status_changes() {
        bench.answer(PASSING, "one");
        bench.apply(tcp("c")).pass(Duration.ofSeconds(2));
        bench.answer(PASSING, "two");
        bench.pass(Duration.ofSeconds(30));
        assertThat(bench.changes).containsExactly("c critical>passing");
        assertThat(bench.outputs).containsExactly("c: two");
    }

    @Test
    void since_is_the_time_of_the_last_change_of_status_only() {
        bench.apply(tcp("c")).pass(Duration.ofSeconds(2));
        CheckResult first = bench.result("c");
        bench.answer(PASSING, "other words");
        bench.pass(Duration.ofMinutes(1));
        CheckResult later = bench.result("c");
        assertThat(later.since()).isEqualTo(first.since());
        assertThat(later.lastRun().orElseThrow()).isAfter(first.lastRun().orElseThrow());
    }

    @Test
    void the_same_definition_goes_on_undisturbed_over_a_reload() {
        CheckDefinition check = thresholds(tcp("c"), 0, 3);
        bench.apply(check).pass(Duration.ofSeconds(21));
        bench.answer(CRITICAL, "down");
        ScheduleBench undisturbed = new ScheduleBench();
        undisturbed.apply(check).pass(Duration.ofSeconds(21));
        undisturbed.answer(CRITICAL, "down");
        for (int i = 0; i < 30; i++) {
            bench.apply(check).pass(SECOND);
            undisturbed.pass(SECOND);
        }
        assertThat(bench.starts("c")).isEqualTo(undisturbed.starts("c"));
        assertThat(bench.changes).isEqualTo(undisturbed.changes);
    }

    @Test
    void a_reload_with_another_name_keeps_the_run_that_is_under_way() {
        bench.answering = false;
        bench.apply(tcp("c")).pass(SECOND);
        bench.apply(named(tcp("c"), "renamed"));
        assertThat(bench.cancelled).isEmpty();
        bench.endRun(ProbeResult.of(PASSING, "ok"));
        assertThat(bench.status("c")).isEqualTo(PASSING);
    }

    @Test
    void a_changed_definition_keeps_the_status_until_its_first_result_which_counts_at_once() {
        bench.apply(thresholds(tcp("c"), 3, 3)).pass(Duration.ofSeconds(2));
        bench.answer(CRITICAL, "refused");
        CheckDefinition other = thresholds(Definitions.of("c", new CheckKind.Tcp("127.0.0.1", 81)), 3, 3);
        bench.apply(other);
        assertThat(bench.status("c")).isEqualTo(PASSING);
        assertThat(bench.result("c").output()).isEqualTo("fine");
        bench.pass(SECOND.plus(bench.runTime));
        assertThat(bench.status("c")).isEqualTo(CRITICAL);
        assertThat(bench.changes).containsExactly("c critical>passing", "c passing>critical");
    }

    @Test
    void the_run_of_a_changed_or_removed_definition_is_cancelled_and_its_late_result_dropped() {
        bench.answering = false;
        bench.apply(tcp("c"), tcp("d")).pass(SECOND);
        List<RunToken> old = new ArrayList<>(bench.running.keySet());
        bench.apply(Definitions.of("c", new CheckKind.Tcp("127.0.0.1", 81)));
        assertThat(bench.cancelled).containsExactlyInAnyOrderElementsOf(old);
        old.forEach(
                token -> bench.perform(bench.schedule.runEnded(token, ProbeResult.of(PASSING, "late"), bench.now())));
        assertThat(bench.status("c")).isEqualTo(CRITICAL);
        assertThat(bench.schedule.results()).containsOnlyKeys("c");
    }

    @Test
    void a_removed_check_runs_no_more() {
        bench.apply(tcp("c")).pass(INTERVAL);
        int runs = bench.starts("c").size();
        bench.apply().pass(Duration.ofMinutes(5));
        assertThat(bench.starts("c")).hasSize(runs);
        assertThat(bench.schedule.results()).isEmpty();
    }

    @Test
    void two_checks_with_one_id_are_refused_and_nothing_changes() {
        bench.apply(tcp("c"));
        assertThatThrownBy(() -> bench.apply(tcp("d"), tcp("d")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'d'")
                .hasMessageContaining("nothing was changed");
        assertThat(bench.schedule.results()).containsOnlyKeys("c");
    }

    @Test
    void a_restart_keeps_status_output_time_and_counters_of_the_same_definition() {
        CheckDefinition check = thresholds(tcp("c"), 0, 3);
        bench.apply(check).pass(Duration.ofSeconds(2));
        bench.answer(CRITICAL, "down");
        bench.pass(INTERVAL.multipliedBy(2));
        Map<String, RestoredStatus> saved = bench.schedule.persisted();
        assertThat(saved.get("c"))
                .isNotNull()
                .extracting(RestoredStatus::failures)
                .isEqualTo(2);

        ScheduleBench again = new ScheduleBench();
        again.answer(CRITICAL, "down");
        again.restore(saved, check);
        assertThat(again.result("c")).isEqualTo(bench.result("c"));
        again.pass(SECOND.plus(again.runTime));
        assertThat(again.changes).as("the third failure in a row").containsExactly("c passing>critical");
    }

    @Test
    void after_a_restart_one_failure_does_not_undo_a_threshold_that_was_earned() {
        CheckDefinition check = thresholds(tcp("c"), 0, 3);
        bench.apply(check).pass(Duration.ofSeconds(40));
        ScheduleBench again = new ScheduleBench();
        again.answer(CRITICAL, "down");
        again.restore(bench.schedule.persisted(), check).pass(Duration.ofSeconds(2));
        assertThat(again.status("c")).isEqualTo(PASSING);
        assertThat(again.changes).isEmpty();
    }

    @Test
    void after_a_restart_a_changed_definition_keeps_only_status_and_output() {
        bench.apply(thresholds(tcp("c"), 0, 3)).pass(Duration.ofSeconds(2));
        ScheduleBench again = new ScheduleBench();
        again.answer(CRITICAL, "down");
        CheckDefinition other = thresholds(Definitions.of("c", new CheckKind.Unix("/run/x.sock")), 0, 3);
        again.restore(bench.schedule.persisted(), other);
        assertThat(again.status("c")).isEqualTo(PASSING);
        again.pass(Duration.ofSeconds(2));
        assertThat(again.status("c")).isEqualTo(CRITICAL);
    }

    @Test
    void what_was_kept_for_a_check_that_runs_already_is_ignored() {
        bench.apply(tcp("c"));
        Map<String, RestoredStatus> saved = bench.schedule.persisted();
        bench.pass(Duration.ofSeconds(2));
        bench.restore(saved, tcp("c"));
        assertThat(bench.status("c")).isEqualTo(PASSING);
    }

    /** Whatever the results and the thresholds: the status is what a plain reading of the rule says. */
    @Test
    void any_row_of_results_agrees_with_a_plain_reading_of_the_rule() {
        Property.forSeeds(300, random -> {
            int success = random.nextInt(5);
            int failures = random.nextInt(5);
            ScheduleBench any = new ScheduleBench(random.nextLong());
            any.answering = false;
            any.apply(thresholds(tcp("c"), success, failures));
            List<ProbeResult> row = new ArrayList<>();
            CheckStatus expected = CRITICAL;
            for (int i = 0; i < 40; i++) {
                any.pass(INTERVAL.plus(SECOND));
                row.add(of("ppwcct".charAt(random.nextInt(6))));
                any.endRun(row.get(i));
                expected = plainReading(row, success, failures, expected);
                assertThat(any.status("c")).as("after %s", row).isEqualTo(expected);
            }
        });
    }

    private static CheckStatus plainReading(List<ProbeResult> row, int success, int failures, CheckStatus before) {
        ProbeResult last = row.get(row.size() - 1);
        boolean failing = last.status() == CRITICAL;
        int streak = 0;
        for (int i = row.size() - 1; i >= 0 && (row.get(i).status() == CRITICAL) == failing; i--) {
            if (row.get(i).decisive() && i < row.size() - 1) {
                return CRITICAL; // a killed script counts as if the threshold were reached
            }
            streak++;
        }
        boolean allAlike = streak == row.size();
        int needed = failing ? failures : success;
        boolean takesEffect = last.decisive() || allAlike || streak >= needed;
        return takesEffect ? last.status() : before;
    }
}
