package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every pair of a standing and an event, as in SWIM section 4.2, with goodbyes and with an operator's word. The member is
 * known as incarnation 5. After each standing: what becomes of it by a word of an older, the same and a newer incarnation.
 * In brackets where it goes when it does not object in time.
 */
class StandingTableTest {
    private static final String TABLE = """
            before   event              older    same            newer
            ALIVE    ALIVE              ALIVE    ALIVE           ALIVE
            ALIVE    SUSPECT            ALIVE    SUSPECT(DEAD)   ALIVE
            ALIVE    DEAD               ALIVE    SUSPECT(DEAD)   ALIVE
            ALIVE    COMPARED_DEAD      ALIVE    SUSPECT(DEAD)   ALIVE
            ALIVE    FORGET             ALIVE    ALIVE           ALIVE
            ALIVE    LEFT               ALIVE    LEFT            LEFT
            ALIVE    UNANSWERED         -        SUSPECT(DEAD)   -
            SUSPECT  ALIVE              SUSPECT  SUSPECT         ALIVE
            SUSPECT  SUSPECT            SUSPECT  SUSPECT         SUSPECT
            SUSPECT  DEAD               SUSPECT  SUSPECT(DEAD)   SUSPECT
            SUSPECT  COMPARED_DEAD      SUSPECT  SUSPECT(DEAD)   SUSPECT
            SUSPECT  FORGET             SUSPECT  SUSPECT         SUSPECT
            SUSPECT  LEFT               SUSPECT  LEFT            LEFT
            SUSPECT  UNANSWERED         -        SUSPECT(DEAD)   -
            SUSPECT  TIME_OUT           -        DEAD            -
            DEAD     ALIVE              DEAD     DEAD            ALIVE
            DEAD     SUSPECT            DEAD     DEAD            DEAD
            DEAD     DEAD               DEAD     DEAD            DEAD
            DEAD     COMPARED_DEAD      DEAD     DEAD            DEAD
            DEAD     FORGET             DEAD     LEFT            DEAD
            DEAD     LEFT               DEAD     LEFT            LEFT
            DEAD     UNANSWERED         -        DEAD            -
            DEAD     TIME_OUT           -        DEAD            -
            LEFT     ALIVE              LEFT     LEFT            ALIVE
            LEFT     SUSPECT            LEFT     LEFT            LEFT
            LEFT     DEAD               LEFT     LEFT            LEFT
            LEFT     COMPARED_DEAD      LEFT     LEFT            LEFT
            LEFT     FORGET             LEFT     LEFT            LEFT
            LEFT     LEFT               LEFT     LEFT            LEFT
            LEFT     UNANSWERED         -        LEFT            -
            LEFT     TIME_OUT           -        LEFT            -
            """;

    private static final long KNOWN = 5;

    enum Event {
        ALIVE,
        SUSPECT,
        DEAD,
        COMPARED_DEAD,
        FORGET,
        LEFT,
        UNANSWERED,
        TIME_OUT
    }

    record Row(Standing before, Event event, long incarnation, Standing after, boolean diesInTheEnd) {
        @Override
        public String toString() {
            return before + " hears " + event + " of " + incarnation;
        }
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        TABLE.lines().skip(1).map(line -> line.trim().split(" +")).forEach(cells -> {
            for (int column = 2; column < 5; column++) {
                if (!cells[column].equals("-")) {
                    String[] after = cells[column].split("[()]");
                    rows.add(new Row(
                            Standing.valueOf(cells[0]),
                            Event.valueOf(cells[1]),
                            KNOWN + column - 3,
                            Standing.valueOf(after[0]),
                            after.length > 1));
                }
            }
        });
        return rows.stream();
    }

    private static LoneMember in(Standing standing, FakeSigner key) {
        LoneMember lone = new LoneMember();
        // A pool in which nobody's confirmation is missing, so that suspicions are short.
        lone.hear(key.alive(KNOWN));
        switch (standing) {
            case ALIVE -> {}
            case SUSPECT -> lone.hear(LoneMember.suspect(key, KNOWN));
            case DEAD -> lone.kill(key, KNOWN);
            case LEFT -> lone.hear(key.left(KNOWN));
        }
        assertThat(lone.standing(key)).isEqualTo(standing);
        return lone;
    }

    private static void happen(LoneMember lone, Row row, FakeSigner key) {
        switch (row.event) {
            case ALIVE -> lone.hear(key.alive(row.incarnation));
            case SUSPECT -> lone.hear(LoneMember.suspect(key, row.incarnation));
            case DEAD -> lone.hear(LoneMember.dead(key, row.incarnation));
            case COMPARED_DEAD -> lone.hearInComparison(LoneMember.dead(key, row.incarnation));
            case FORGET -> lone.hear(LoneMember.forget(key, row.incarnation));
            case LEFT -> lone.hear(key.left(row.incarnation));
            // One probe, and the verdict on it; less than any suspicion lasts.
            case UNANSWERED -> {
                lone.membership.start(lone.now);
                lone.pass(3 * LoneMember.SECOND);
            }
            case TIME_OUT -> lone.pass(SwimRules.longestSuspicionNanos(lone.settings, 2));
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void every_standing_meets_every_event(Row row) {
        FakeSigner key = new FakeSigner(1);
        LoneMember lone = in(row.before, key);

        happen(lone, row, key);

        assertThat(lone.standing(key)).isEqualTo(row.after);
        if (row.diesInTheEnd) {
            lone.pass(SwimRules.longestSuspicionNanos(lone.settings, 2));
            assertThat(lone.standing(key)).as("without objection").isEqualTo(Standing.DEAD);
        }
    }

    @Test
    void the_table_has_a_row_for_every_pair() {
        List<String> pairs =
                rows().map(row -> row.before + " " + row.event).distinct().toList();
        for (Standing standing : Standing.values()) {
            for (Event event : Event.values()) {
                // An alive member has no time that could run out.
                if (standing != Standing.ALIVE || event != Event.TIME_OUT) {
                    assertThat(pairs).contains(standing + " " + event);
                }
            }
        }
    }

    /** Where a newer incarnation than the known one is accused, the word waits for the member's own. */
    @Test
    void an_accusation_of_an_incarnation_not_yet_heard_of_counts_when_its_word_comes() {
        LoneMember lone = new LoneMember();
        FakeSigner key = lone.admit(1);
        lone.hear(LoneMember.suspect(key, 3));
        assertThat(lone.standing(key)).isEqualTo(Standing.ALIVE);
        lone.hear(key.alive(3));
        assertThat(lone.standing(key)).isEqualTo(Standing.SUSPECT);
    }

    @Test
    void a_newcomer_that_the_pool_holds_for_dead_is_never_shown_alive() {
        LoneMember lone = new LoneMember();
        FakeSigner key = new FakeSigner(1);
        Hearing compared = new Hearing(LoneMember.MESSENGER.id(), false, true);
        lone.membership.onRumour(key.alive(0), compared, lone.now);
        lone.membership.onRumour(LoneMember.dead(key, 0), compared, lone.now);
        lone.verifyAll();
        assertThat(lone.standing(key)).isEqualTo(Standing.DEAD);
        assertThat(lone.shown(key)).containsExactly(io.culvert.catalog.Liveness.FAILED);
    }

    @Test
    void a_goodbye_that_overtakes_the_first_word_is_not_lost() {
        LoneMember lone = new LoneMember();
        FakeSigner key = new FakeSigner(1);
        Hearing heard = new Hearing(LoneMember.MESSENGER.id(), false, false);
        lone.membership.onRumour(key.alive(0), heard, lone.now);
        lone.membership.onRumour((Frame.Rumour) key.left(0), heard, lone.now);
        lone.verifyAll();
        lone.verifyAll();
        assertThat(lone.standing(key)).isEqualTo(Standing.LEFT);
    }
}
