package io.culvert.health.core;

import static io.culvert.catalog.CheckStatus.CRITICAL;
import static io.culvert.catalog.CheckStatus.PASSING;
import static io.culvert.health.Definitions.output;
import static io.culvert.health.Definitions.tcp;
import static io.culvert.health.Definitions.ttl;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.TtlUpdate;
import io.culvert.testbed.kit.Property;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TtlCheckTest {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private final ScheduleBench bench = new ScheduleBench();

    @ParameterizedTest
    @EnumSource(CheckStatus.class)
    void a_report_is_in_force_at_once(CheckStatus reported) {
        bench.apply(ttl("t", TTL));
        assertThat(bench.report("t", reported, "so it is")).isEqualTo(new TtlUpdate.Done());
        assertThat(bench.status("t")).isEqualTo(reported);
        assertThat(bench.result("t").output()).isEqualTo("so it is");
    }

    @ParameterizedTest
    @EnumSource(CheckStatus.class)
    void silence_for_a_whole_ttl_is_critical_whatever_the_status_was(CheckStatus before) {
        bench.apply(ttl("t", TTL));
        bench.report("t", before, "last words");
        bench.pass(TTL.minus(MOMENT));
        assertThat(bench.status("t")).isEqualTo(before);
        assertThat(bench.result("t").output()).isEqualTo("last words");
        bench.pass(MOMENT);
        assertThat(bench.status("t")).isEqualTo(CRITICAL);
        assertThat(bench.result("t").output())
                .isEqualTo("TTL expired (last output before timeout follows): last words");
    }

    @Test
    void a_check_that_was_never_reported_for_says_only_that_it_expired() {
        bench.apply(ttl("t", TTL)).pass(TTL);
        assertThat(bench.result("t").output()).isEqualTo("TTL expired");
        assertThat(bench.status("t")).isEqualTo(CRITICAL);
    }

    @Test
    void reports_in_time_keep_it_alive_and_cost_one_timer_a_ttl() {
        bench.apply(ttl("t", TTL));
        for (int i = 0; i < 3_000; i++) {
            bench.report("t", PASSING, "");
            bench.pass(Duration.ofMillis(100));
        }
        assertThat(bench.status("t")).isEqualTo(PASSING);
        assertThat(bench.timersSet).isLessThanOrEqualTo(12);
        bench.pass(TTL);
        assertThat(bench.status("t")).isEqualTo(CRITICAL);
    }

    @Test
    void a_report_after_expiry_brings_it_back_and_starts_the_clock_again() {
        bench.apply(ttl("t", TTL)).pass(TTL.multipliedBy(2));
        bench.report("t", PASSING, "back");
        assertThat(bench.status("t")).isEqualTo(PASSING);
        bench.pass(TTL);
        assertThat(bench.status("t")).isEqualTo(CRITICAL);
    }

    @Test
    void a_long_note_keeps_its_head_and_consuls_mark() {
        bench.apply(output(ttl("t", TTL), 10));
        bench.report("t", PASSING, "0123456789abc");
        assertThat(bench.result("t").output()).isEqualTo("0123456789 ... (captured 10 of 13 bytes)");
    }

    @Test
    void no_note_is_cut_inside_a_character_or_kept_beyond_its_size() {
        Property.forSeeds(300, random -> {
            StringBuilder note = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                note.appendCodePoint("aß€😀".codePointAt("aß€😀".offsetByCodePoints(0, random.nextInt(4))));
            }
            int most = 1 + random.nextInt(60);
            String kept = OutputText.head(note.toString(), most);
            String head = kept.replaceFirst(" \\.\\.\\. \\(captured \\d+ of \\d+ bytes\\)$", "");
            assertThat(note.toString()).startsWith(head);
            assertThat(head.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(most);
            assertThat(kept.equals(note.toString()))
                    .isEqualTo(note.toString().getBytes(StandardCharsets.UTF_8).length <= most);
        });
    }

    @Test
    void other_checks_take_no_reports_and_unknown_ids_are_told_so() {
        bench.apply(tcp("c"));
        assertThat(bench.report("c", PASSING, "")).isEqualTo(new TtlUpdate.NotTtl("c", "tcp"));
        assertThat(bench.report("x", PASSING, "")).isEqualTo(new TtlUpdate.Unknown("x"));
        assertThat(bench.status("c")).isEqualTo(CRITICAL);
    }

    @Test
    void a_restart_keeps_the_status_and_grants_one_whole_ttl() {
        bench.apply(ttl("t", TTL));
        bench.report("t", PASSING, "well");
        bench.pass(TTL.minus(MOMENT));
        ScheduleBench again = new ScheduleBench();
        again.restore(bench.schedule.persisted(), ttl("t", TTL));
        again.pass(TTL.minus(MOMENT));
        assertThat(again.status("t")).isEqualTo(PASSING);
        again.pass(MOMENT);
        assertThat(again.status("t")).isEqualTo(CRITICAL);
    }

    @Test
    void an_expired_check_does_not_pile_up_its_message_over_restarts() {
        bench.apply(ttl("t", TTL));
        bench.report("t", PASSING, "well");
        bench.pass(TTL);
        ScheduleBench again = new ScheduleBench();
        again.restore(bench.schedule.persisted(), ttl("t", TTL)).pass(TTL);
        assertThat(again.result("t").output()).isEqualTo(bench.result("t").output());
        assertThat(again.changes).isEmpty();
    }

    @Test
    void a_reload_does_not_extend_the_ttl() {
        bench.apply(ttl("t", TTL));
        bench.report("t", PASSING, "well");
        bench.pass(TTL.dividedBy(2));
        bench.apply(ttl("t", TTL)).pass(TTL.dividedBy(2));
        assertThat(bench.status("t")).isEqualTo(CRITICAL);
    }
}
