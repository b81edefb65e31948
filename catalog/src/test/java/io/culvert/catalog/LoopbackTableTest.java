package io.culvert.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.testbed.kit.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTableTest {
    /** So small that names collide all the time. */
    private static final LoopbackPool CROWDED = LoopbackPool.parse("127.200.7.0/24");

    private record Registration(String name, long seconds) {}

    @Test
    void the_table_does_not_depend_on_the_order_in_which_services_are_learnt() {
        Property.forLists(
                300,
                120,
                random -> new Registration("svc-" + random.nextInt(100), random.nextInt(5)),
                registrations -> {
                    Map<String, Long> oldest = new HashMap<>();
                    registrations.forEach(r -> oldest.merge(r.name(), r.seconds(), Math::min));
                    List<Registration> shuffled = new ArrayList<>(registrations);
                    Collections.shuffle(shuffled, new Random(registrations.size()));
                    assertThat(addresses(build(shuffled))).isEqualTo(addresses(build(registrations)));
                    assertThat(addresses(build(registrations))).hasSize(oldest.size());
                });
    }

    @Test
    void no_address_belongs_to_two_services_and_reverse_questions_find_the_owner() {
        LoopbackTable table = build(many(120));
        assertThat(Set.copyOf(addresses(table).values())).hasSize(120);
        for (LoopbackTable.Entry entry : table.entries()) {
            assertThat(table.owner(entry.address())).contains(entry.name());
            assertThat(CROWDED.contains(entry.address())).isTrue();
        }
        assertThat(table.owner(IpAddress.parse("127.0.0.1"))).isEmpty();
    }

    @Test
    void the_older_service_keeps_a_contested_address() {
        LoopbackTable young = LoopbackTable.empty(CROWDED);
        for (Registration registration : many(100)) {
            young = young.with(new ServiceName(registration.name()), 1_000);
        }
        ServiceName elder = new ServiceName("the-elder");
        IpAddress alone =
                LoopbackTable.empty(CROWDED).with(elder, 1).address(elder).orElseThrow();
        assertThat(young.with(elder, 1).address(elder)).contains(alone);
        assertThat(young.with(elder, 1).entries()).hasSize(101);
    }

    @Test
    void a_pool_without_room_refuses_the_newcomer_and_keeps_the_rest() {
        LoopbackTable table = LoopbackTable.empty(CROWDED);
        for (Registration registration : many(2_000)) {
            table = table.with(new ServiceName(registration.name()), 0);
        }
        assertThat(table.entries().size()).isBetween(200, CROWDED.size() - 1);
    }

    @Test
    void names_that_are_not_retained_give_their_addresses_back() {
        LoopbackTable table = build(many(50));
        ServiceName kept = new ServiceName("svc-7");
        assertThat(table.retain(List.of(kept)).entries())
                .extracting(LoopbackTable.Entry::name)
                .containsExactly(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.0/16",
                "127.0.0.0/9",
                "10.0.0.0/12",
                "127.64.0.1/10",
                "127.64.0.0/8",
                "127.64.0.0/25",
                "127.64.0.0",
                "127.64.0.0/x",
                "::1/10"
            })
    void a_pool_outside_the_allowed_range_is_refused(String text) {
        assertThatThrownBy(() -> LoopbackPool.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .containsAnyOf("expected", "must not", "bits beyond");
    }

    private static List<Registration> many(int count) {
        List<Registration> registrations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            registrations.add(new Registration("svc-" + i, i));
        }
        return registrations;
    }

    private static LoopbackTable build(List<Registration> registrations) {
        LoopbackTable table = LoopbackTable.empty(CROWDED);
        for (Registration registration : registrations) {
            table = table.with(new ServiceName(registration.name()), registration.seconds());
        }
        return table;
    }

    private static Map<ServiceName, IpAddress> addresses(LoopbackTable table) {
        Map<ServiceName, IpAddress> addresses = new HashMap<>();
        table.entries().forEach(entry -> addresses.put(entry.name(), entry.address()));
        return addresses;
    }
}
