package io.culvert.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.identity.Intention.Action;
import io.culvert.testbed.kit.Property;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntentionTableTest {
    @Test
    void without_an_intention_nothing_is_allowed() {
        Decision decision = IntentionTable.EMPTY.decide("web", "db");
        assertThat(decision.allowed()).isFalse();
        assertThat(decision.reason()).isEqualTo("Default behavior: deny (no intention matches)");
        assertThat(decision.intention()).isEmpty();
    }

    @Test
    void the_reason_is_in_consuls_words() {
        IntentionTable table = table(intention("web", "db", Action.ALLOW), intention("host/app-1", "db", Action.DENY));
        assertThat(table.decide("WEB", "Db").reason())
                .isEqualTo("Matched L4 intention: default/web => default/db (Precedence: 9, Action: ALLOW)");
        assertThat(table.decide("host/app-1", "db").reason())
                .isEqualTo("Matched L4 intention: host/app-1 => default/db (Precedence: 9, Action: DENY)");
    }

    @ParameterizedTest
    @CsvSource({"web,db,9", "*,db,8", "web,*,6", "*,*,5", "host/a,db,9", "host/a,*,6"})
    void precedence_is_consuls(String source, String destination, int precedence) {
        assertThat(intention(source, destination, Action.ALLOW).precedence()).isEqualTo(precedence);
    }

    @Test
    void only_the_highest_match_counts() {
        IntentionTable table = table(
                intention("*", "*", Action.ALLOW),
                intention("web", "*", Action.DENY),
                intention("*", "db", Action.ALLOW),
                intention("cron", "db", Action.DENY));
        assertThat(table.decide("web", "db").allowed()).isTrue();
        assertThat(table.decide("cron", "db").allowed()).isFalse();
        assertThat(table.decide("web", "mail").allowed()).isFalse();
        assertThat(table.decide("cron", "mail").allowed()).isTrue();
        assertThat(table.decide("host/app-1", "mail").allowed()).isTrue();
    }

    @Test
    void a_service_named_like_a_host_is_not_that_host() {
        IntentionTable table = table(intention("app-1", "db", Action.ALLOW));
        assertThat(table.decide("host/app-1", "db").allowed()).isFalse();
    }

    @Test
    void a_pair_may_stand_only_once_whatever_its_case() {
        assertThatThrownBy(() -> table(intention("web", "db", Action.ALLOW), intention("Web", "DB", Action.DENY)))
                .hasMessageContaining("default/web => default/db")
                .hasMessageContaining("twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host/", "host/*", "we*b", "a b", "a/b", "host/a/b"})
    void a_source_that_names_nobody_is_refused(String source) {
        assertThatThrownBy(() -> intention(source, "db", Action.ALLOW)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host/a", "d*", "a b"})
    void a_destination_that_is_no_service_is_refused(String destination) {
        assertThatThrownBy(() -> intention("web", destination, Action.ALLOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_others_write_into_an_intention_is_bounded() {
        assertThatThrownBy(() -> new Intention("a", "b", Action.ALLOW, "x".repeat(513), Map.of(), "api"))
                .hasMessageContaining("description");
        assertThatThrownBy(() -> new Intention("a", "b", Action.ALLOW, "", Map.of("k".repeat(129), ""), "api"))
                .hasMessageContaining("meta");
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 65; i++) {
            many.put("k" + i, "");
        }
        assertThatThrownBy(() -> new Intention("a", "b", Action.ALLOW, "", many, "api"))
                .hasMessageContaining("meta");
    }

    @Test
    void the_table_decides_as_a_search_through_all_intentions_does() {
        Property.forSeeds(500, random -> {
            List<Intention> intentions = random(random);
            IntentionTable table = IntentionTable.of(1, intentions);
            for (int i = 0; i < 20; i++) {
                String source = random.nextBoolean() ? "S" + random.nextInt(4) : "host/s" + random.nextInt(4);
                String destination = "s" + random.nextInt(4);
                Optional<Intention> best = intentions.stream()
                        .filter(one -> matches(one.source(), source) && matches(one.destination(), destination))
                        .max(Comparator.comparingInt(Intention::precedence));
                Decision decision = table.decide(source, destination);
                assertThat(decision.intention()).isEqualTo(best);
                assertThat(decision.allowed())
                        .isEqualTo(best.map(one -> one.action() == Action.ALLOW).orElse(false));
            }
            assertThat(table.intentions())
                    .hasSameElementsAs(intentions)
                    .isSortedAccordingTo(
                            Comparator.comparingInt(Intention::precedence).reversed());
        });
    }

    private static List<Intention> random(SplittableRandom random) {
        Map<Intention.Pair, Intention> intentions = new HashMap<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            String source = List.of("*", "s", "host/s").get(random.nextInt(3));
            source = source.equals("*") ? source : source + random.nextInt(4);
            String destination = random.nextInt(4) == 0 ? "*" : "s" + random.nextInt(4);
            Intention one = intention(source, destination, random.nextBoolean() ? Action.ALLOW : Action.DENY);
            intentions.put(one.pair(), one);
        }
        return new ArrayList<>(intentions.values());
    }

    private static boolean matches(String pattern, String name) {
        return pattern.equals("*") || pattern.equalsIgnoreCase(name);
    }

    private static IntentionTable table(Intention... intentions) {
        return IntentionTable.of(1, List.of(intentions));
    }

    private static Intention intention(String source, String destination, Action action) {
        return new Intention(source, destination, action, "", Map.of(), Intention.FROM_API);
    }
}
