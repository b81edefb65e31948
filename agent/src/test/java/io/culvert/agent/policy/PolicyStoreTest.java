package io.culvert.agent.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.agent.files.DurableFile;
import io.culvert.identity.Intention;
import io.culvert.identity.IntentionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyStoreTest {
    @TempDir
    Path folder = Path.of("unset");

    private PolicyStore open() throws IOException {
        return PolicyStore.open("mesh", Optional.of(new DurableFile(folder.resolve("intentions.json"))));
    }

    static Intention intention(String source, String destination, Intention.Action action, String origin) {
        return new Intention(source, destination, action, "", Map.of(), origin);
    }

    private static Intention allow(String source, String destination) {
        return intention(source, destination, Intention.Action.ALLOW, Intention.FROM_API);
    }

    @Test
    void what_is_created_counts_at_once_and_after_a_restart() throws IOException {
        PolicyStore store = open();
        assertThat(store.put(allow("shop", "db"))).isInstanceOf(PolicyOutcome.Applied.class);
        assertThat(store.current().decide("shop", "db").allowed()).isTrue();
        PolicyStore again = open();
        assertThat(again.current().decide("SHOP", "db").allowed()).isTrue();
        assertThat(again.current().version())
                .isGreaterThanOrEqualTo(store.current().version());
        assertThat(again.delete(Intention.Pair.of("shop", "db"))).isInstanceOf(PolicyOutcome.Applied.class);
        assertThat(open().current().decide("shop", "db").allowed()).isFalse();
    }

    @Test
    void what_stands_in_a_file_is_changed_there_and_the_refusal_says_where() throws IOException {
        PolicyStore store = open();
        store.declare(List.of(intention("shop", "db", Intention.Action.DENY, "policy.hcl:3")));
        assertThat(store.put(allow("Shop", "db")))
                .isInstanceOfSatisfying(
                        PolicyOutcome.Refused.class,
                        refused -> assertThat(refused.message())
                                .contains("policy.hcl:3")
                                .contains("nothing was changed"));
        assertThat(store.delete(Intention.Pair.of("shop", "db"))).isInstanceOf(PolicyOutcome.Refused.class);
        assertThat(store.current().decide("shop", "db").allowed()).isFalse();
    }

    @Test
    void a_file_hides_what_was_created_and_gives_it_back_when_it_goes() throws IOException {
        PolicyStore store = open();
        store.put(allow("shop", "db"));
        store.declare(List.of(intention("shop", "db", Intention.Action.DENY, "policy.hcl:3")));
        assertThat(store.current().decide("shop", "db").allowed()).isFalse();
        store.declare(List.of());
        assertThat(store.current().decide("shop", "db").allowed()).isTrue();
    }

    @Test
    void listeners_and_watchers_hear_of_changes_and_only_of_changes() throws IOException {
        PolicyStore store = open();
        List<IntentionTable> heard = new ArrayList<>();
        var subscription = store.subscribe(heard::add);
        var waiting = store.after("mesh", store.current().version());
        assertThat(waiting).isNotDone();
        store.put(allow("shop", "db"));
        assertThat(waiting).isCompletedWithValue(store.current().version());
        store.put(allow("shop", "db"));
        store.declare(List.of());
        assertThat(heard).hasSize(1);
        subscription.close();
        store.put(allow("a", "b"));
        assertThat(heard).hasSize(1);
    }

    @Test
    void who_knows_another_store_or_version_is_answered_at_once() throws IOException {
        PolicyStore store = open();
        assertThat(store.after("other mesh", store.current().version())).isDone();
        assertThat(store.after("mesh", store.current().version() + 7)).isDone();
    }

    @Test
    void a_watcher_that_gives_up_does_not_end_the_others() throws IOException {
        PolicyStore store = open();
        var one = store.after("mesh", store.current().version());
        var other = store.after("mesh", store.current().version());
        one.cancel(false);
        assertThat(other).isNotDone();
        store.put(allow("a", "b"));
        assertThat(other).isCompleted();
    }

    @Test
    void nothing_is_kept_of_watchers_that_were_answered_or_gave_up() throws IOException {
        PolicyStore store = open();
        for (int i = 0; i < 100; i++) {
            var watcher = store.after("mesh", store.current().version());
            assertThat(i % 2 == 0 ? watcher.cancel(false) : watcher.complete(0L))
                    .isTrue();
        }
        assertThat(store.waiting()).isZero();
        var last = store.after("mesh", store.current().version());
        assertThat(store.waiting()).isOne();
        store.put(allow("a", "b"));
        assertThat(last).isCompleted();
        assertThat(store.waiting()).isZero();
    }

    @Test
    void more_intentions_than_fit_into_one_message_survive_a_restart() throws IOException {
        List<Intention> many = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            many.add(new Intention("source-" + i, "db", Intention.Action.ALLOW, "x".repeat(100), Map.of(), "api"));
        }
        DurableFile file = new DurableFile(folder.resolve("intentions.json"));
        new PolicyFile(file).write("mesh", 7, many);
        assertThat(Files.size(file.path())).isGreaterThan(1_048_576);
        assertThat(open().current()).isEqualTo(IntentionTable.of(7, many));
    }

    @Test
    void a_disk_that_cannot_be_written_changes_nothing_and_says_so() throws IOException {
        PolicyStore broken =
                PolicyStore.open("mesh", Optional.of(new DurableFile(folder.resolve("data/intentions.json"))));
        Files.writeString(folder.resolve("data"), "a file where the folder should be");
        assertThat(broken.put(allow("a", "b")))
                .isInstanceOfSatisfying(
                        PolicyOutcome.Refused.class,
                        refused -> assertThat(refused.message()).contains("nothing was changed"));
        assertThat(broken.current().decide("a", "b").allowed()).isFalse();
    }

    @Test
    void a_damaged_file_stops_the_server_instead_of_forgetting_who_was_denied() throws IOException {
        Files.writeString(folder.resolve("intentions.json"), "{\"store\":\"mesh\",\"version\":3,");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    }
}
