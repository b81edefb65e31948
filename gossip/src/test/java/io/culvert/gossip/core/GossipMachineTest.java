package io.culvert.gossip.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.core.SmallPool.Host;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GossipMachineTest {
    private static final int SIZE = 20;

    private final SmallPool pool = new SmallPool(SIZE);

    private void settle() {
        pool.pass(Duration.ofSeconds(40));
        assertThat(pool.hosts).allSatisfy(host -> {
            assertThat(host.machine.others()).hasSize(SIZE - 1);
            assertThat(host.machine.ownersWithContent()).isEqualTo(SIZE);
        });
    }

    @Test
    void hosts_that_ask_one_at_once_are_together_soon_though_it_serves_eight() {
        pool.pass(Duration.ofSeconds(5));

        assertThat(pool.hosts).allSatisfy(host -> {
            assertThat(host.machine.others()).hasSize(SIZE - 1);
            assertThat(host.machine.ownersWithContent()).isEqualTo(SIZE);
        });
    }

    @Test
    void news_runs_through_a_quiet_pool_without_waiting_for_ticks() {
        settle();
        Host owner = pool.hosts.get(3);
        owner.publish("changed");
        // The tick of 200 ms is not over: three copies from each, at once, reach all but e^-3 of the others.
        pool.pass(Duration.ofMillis(50));
        assertThat(pool.hosts)
                .filteredOn(host -> host != owner && host.serviceOf(owner).equals("changed"))
                .hasSizeGreaterThan(SIZE * 3 / 4);

        pool.pass(Duration.ofSeconds(1));
        assertThat(pool.hosts)
                .filteredOn(host -> host != owner)
                .allSatisfy(host -> assertThat(host.serviceOf(owner)).isEqualTo("changed"));
    }

    @Test
    void the_interval_bounds_what_a_busy_owner_sends() {
        settle();
        Host owner = pool.hosts.get(3);
        int before = owner.packetsSent;
        for (int i = 0; i < 100; i++) {
            owner.publish("changed-" + i);
            pool.pass(Duration.ofMillis(10));
        }
        // In one second five ticks to three, the first one at once; a probe, answers to probes of others and to
        // questions.
        assertThat(owner.packetsSent - before).isLessThan(6 * 3 + 40);
    }

    @Test
    void hosts_whose_answers_to_probes_agree_open_no_streams_to_compare() {
        settle();
        int streams = pool.hosts.stream().mapToInt(host -> host.streamsOpened).sum();
        int comparisons = pool.hosts.stream().mapToInt(host -> host.comparisons).sum();

        pool.pass(Duration.ofSeconds(60));

        assertThat(pool.hosts.stream().mapToInt(host -> host.streamsOpened).sum())
                .isEqualTo(streams);
        assertThat(pool.hosts.stream().mapToInt(host -> host.comparisons).sum() - comparisons)
                .as("comparisons in a minute, one in 8 to 12 s each")
                .isBetween(SIZE * 4, SIZE * 9);
    }

    @Test
    void a_quiet_host_sends_its_probe_and_its_answers_and_nothing_else() {
        settle();
        int before = pool.hosts.stream().mapToInt(host -> host.packetsSent).sum();

        pool.pass(Duration.ofSeconds(20));

        assertThat(pool.hosts.stream().mapToInt(host -> host.packetsSent).sum() - before)
                .isBetween(2 * 19 * SIZE, 2 * 21 * SIZE);
    }
}
