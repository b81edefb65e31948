package io.culvert.store.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.store.state.KeyValueOperation.CompareAndSet;
import io.culvert.store.state.KeyValueOperation.Lock;
import io.culvert.store.state.KeyValueOperation.Set;
import io.culvert.store.state.KeyValueOperation.Unlock;
import io.culvert.store.state.StoreCommand.CreateSession;
import io.culvert.store.state.StoreCommand.EndSession;
import io.culvert.store.state.StoreCommand.RaiseFormat;
import io.culvert.store.state.StoreCommand.Transaction;
import io.culvert.store.state.StoreCommand.Write;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Consul's rules of keys, locks and sessions, one claim each. */
final class StoreStateTest {
    private static final SessionId ONE = new SessionId(new UUID(0, 1));
    private static final SessionId TWO = new SessionId(new UUID(0, 2));
    private StoreState state = StoreState.EMPTY;

    private Outcome apply(StoreCommand command) {
        return apply(command, 0);
    }

    private Outcome apply(StoreCommand command, long stamp) {
        StoreState.Applied applied = state.apply(command, stamp);
        state = applied.next();
        return applied.outcome();
    }

    private void session(SessionId id, Session.Behavior behavior) {
        apply(new CreateSession(new Session(
                id, "", "n1", Duration.ofSeconds(15), behavior, Duration.ZERO, List.of(), List.of(), 0, 0)));
    }

    private static Write set(String key, String value) {
        return new Write(new Set(key, blob(value), 0));
    }

    private static Write lock(String key, SessionId session) {
        return new Write(new Lock(key, blob("x"), 0, session));
    }

    private static Blob blob(String text) {
        return Blob.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }

    private KeyValue entry(String key) {
        return state.keyValues().get(key).orElseThrow();
    }

    @Test
    void a_write_of_what_stands_there_already_moves_no_index() {
        apply(set("a", "1"));
        apply(set("a", "1"));
        assertThat(entry("a").modifyIndex()).isEqualTo(1);
        assertThat(state.index()).isEqualTo(1);
    }

    @Test
    void compare_and_set_with_index_zero_only_creates() {
        assertThat(apply(new Write(new CompareAndSet("a", blob("1"), 0, 0)))).isEqualTo(new Outcome.Answered(true));
        assertThat(apply(new Write(new CompareAndSet("a", blob("2"), 0, 0)))).isEqualTo(new Outcome.Answered(false));
        assertThat(apply(new Write(new CompareAndSet("a", blob("2"), 0, 1)))).isEqualTo(new Outcome.Answered(true));
    }

    @Test
    void a_lock_has_one_holder_and_its_index_counts_who_took_it_anew() {
        session(ONE, Session.Behavior.RELEASE);
        session(TWO, Session.Behavior.RELEASE);
        assertThat(apply(lock("l", ONE))).isEqualTo(new Outcome.Answered(true));
        assertThat(apply(lock("l", TWO))).isEqualTo(new Outcome.Answered(false));
        assertThat(apply(lock("l", ONE))).isEqualTo(new Outcome.Answered(true));
        assertThat(entry("l").lockIndex()).isEqualTo(1);
        assertThat(apply(new Write(new Unlock("l", blob("x"), 0, ONE)))).isEqualTo(new Outcome.Answered(true));
        assertThat(apply(lock("l", TWO))).isEqualTo(new Outcome.Answered(true));
        assertThat(entry("l").lockIndex()).isEqualTo(2);
    }

    @Test
    void a_lock_of_no_session_is_refused_with_its_id() {
        assertThat(apply(lock("l", ONE)))
                .isInstanceOfSatisfying(
                        Outcome.Invalid.class,
                        invalid -> assertThat(invalid.why()).contains(ONE.toString()));
    }

    @Test
    void a_plain_write_does_not_care_for_locks_and_leaves_them() {
        session(ONE, Session.Behavior.RELEASE);
        apply(lock("l", ONE));
        assertThat(apply(set("l", "other"))).isEqualTo(new Outcome.Answered(true));
        assertThat(entry("l").holder()).isEqualTo(ONE);
    }

    @Test
    void an_invalidated_session_blocks_its_locks_for_the_delay_on_the_leaders_clock() {
        session(ONE, Session.Behavior.RELEASE);
        session(TWO, Session.Behavior.RELEASE);
        apply(lock("l", ONE), 1_000);
        apply(new EndSession(ONE, true), 2_000);
        assertThat(entry("l").holder()).isNull();
        assertThat(apply(lock("l", TWO), 16_999)).isEqualTo(new Outcome.Answered(false));
        assertThat(apply(lock("l", TWO), 17_000)).isEqualTo(new Outcome.Answered(true));
    }

    @Test
    void a_session_that_its_owner_ends_blocks_nothing() {
        session(ONE, Session.Behavior.RELEASE);
        session(TWO, Session.Behavior.RELEASE);
        apply(lock("l", ONE), 1_000);
        apply(new EndSession(ONE, false), 2_000);
        assertThat(apply(lock("l", TWO), 2_000)).isEqualTo(new Outcome.Answered(true));
    }

    @Test
    void a_session_that_deletes_takes_its_keys_along() {
        session(ONE, Session.Behavior.DELETE);
        apply(lock("l", ONE));
        apply(set("m", "stays"));
        apply(new EndSession(ONE, false));
        assertThat(state.keyValues().get("l")).isEmpty();
        assertThat(state.keyValues().get("m")).isPresent();
    }

    @Test
    void time_never_goes_back_with_a_leader_whose_clock_is_behind() {
        apply(set("a", "1"), 5_000);
        apply(set("a", "2"), 1_000);
        assertThat(state.now()).isEqualTo(5_000);
    }

    @Test
    void a_transaction_that_fails_in_one_place_changes_nothing_and_names_the_place() {
        apply(set("a", "1"));
        Outcome outcome = apply(new Transaction(List.of(
                new Set("b", blob("2"), 0), new CompareAndSet("a", blob("3"), 0, 77), new KeyValueOperation.Get("b"))));
        assertThat(outcome)
                .isEqualTo(new Outcome.RolledBack(
                        List.of(new Outcome.Failure(1, "failed to set key \"a\", index is stale"))));
        assertThat(state.keyValues().get("b")).isEmpty();
        assertThat(state.index()).isEqualTo(1);
    }

    @Test
    void a_transaction_shows_writes_without_their_values_and_reads_with_them() {
        Outcome outcome = apply(new Transaction(List.of(new Set("t", blob("x"), 0), new KeyValueOperation.Get("t"))));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Committed.class, committed -> {
            assertThat(committed.entries().get(0).value()).isEqualTo(Blob.EMPTY);
            assertThat(committed.entries().get(1).value()).isEqualTo(blob("x"));
        });
    }

    @Test
    void keys_are_cut_at_the_separator_and_come_once_in_byte_order() {
        for (String key : List.of("a/b/c", "a/b/d", "a/\uffee", "a/\ud83d\ude00", "b", "a/b", "c/")) {
            apply(set(key, "1"));
        }
        assertThat(state.keyValues().keys("", "/")).containsExactly("a/", "b", "c/");
        assertThat(state.keyValues().keys("a/", "/")).containsExactly("a/b", "a/b/", "a/\uffee", "a/\ud83d\ude00");
        assertThat(state.keyValues().keys("a/b", "")).containsExactly("a/b", "a/b/c", "a/b/d");
    }

    @Test
    void a_key_that_sorts_behind_everything_in_its_folder_does_not_show_the_folder_twice() {
        String last = "a/" + Character.toString(Character.MAX_CODE_POINT);
        apply(set("a/1", "1"));
        apply(set(last, "1"));
        apply(set(last + "more", "1"));
        assertThat(state.keyValues().keys("", "/")).containsExactly("a/");
    }

    @Test
    void a_command_that_not_every_server_knows_is_refused_by_name() {
        assertThat(apply(new StoreCommand.Unknown(99, 2)))
                .isInstanceOfSatisfying(
                        Outcome.Invalid.class,
                        invalid -> assertThat(invalid.why())
                                .contains("kind 99")
                                .contains("store format 2")
                                .contains("nothing was changed"));
        assertThat(state.index()).isZero();
    }

    @Test
    void a_server_that_is_older_than_the_format_of_the_others_stops() {
        assertThatThrownBy(() -> apply(new RaiseFormat(StoreState.NEWEST_FORMAT + 1)))
                .isInstanceOf(StoreState.FormatNotKnown.class)
                .hasMessageContaining("upgrade");
    }

    @Test
    void a_store_that_is_full_refuses_what_grows_and_takes_what_shrinks() {
        Blob large = Blob.copyOf(new byte[KeyValue.LARGEST_VALUE]);
        int fit = (int) (KeyValues.MOST_WEIGHT / KeyValue.LARGEST_VALUE) - 1;
        for (int i = 0; i < fit; i++) {
            assertThat(apply(new Write(new Set("k" + i, large, 0)))).isEqualTo(new Outcome.Answered(true));
        }
        // Two more would be over: the keys themselves count too.
        apply(new Write(new Set("last", large, 0)));
        assertThat(apply(new Write(new Set("over", large, 0)))).isInstanceOf(Outcome.Invalid.class);
        assertThat(apply(new Write(new KeyValueOperation.Delete("k0")))).isEqualTo(new Outcome.Answered(true));
        assertThat(apply(new Write(new Set("k1", blob("small"), 0)))).isEqualTo(new Outcome.Answered(true));
    }
}
