package io.culvert.testbed.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.culvert.testbed.simulator.fault.StreamTerms.Opening;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Each fault of links does what its name says, to the links that it names and to no others. */
class LinksTest {
    private static final Duration ZERO = Duration.ZERO;
    private static final long SECOND = 1_000_000_000L;
    private static final int PACKETS = 10_000;

    private final Links links = new Links();
    private final SplittableRandom chance = new SplittableRandom(7);

    private Passage send(int from, int to, int bytes, long now) {
        return links.datagram(from, to, new byte[bytes], now, chance);
    }

    private double lossBetween(int from, int to) {
        int lost = 0;
        for (int i = 0; i < PACKETS; i++) {
            lost += send(from, to, 100, i).isLost() ? 1 : 0;
        }
        return lost / (double) PACKETS;
    }

    @Test
    void loss_takes_its_share_of_one_direction() {
        links.add(new LinkFault.Loss(ZERO, ZERO, Hosts.of(1), Hosts.of(2), 0.2));
        assertThat(lossBetween(1, 2)).isEqualTo(0.2, within(0.02));
        assertThat(lossBetween(2, 1)).isZero();
        assertThat(lossBetween(1, 3)).isZero();
    }

    @Test
    void burst_loss_comes_in_runs() {
        LinkFault.BurstLoss bursts = new LinkFault.BurstLoss(ZERO, ZERO, Hosts.ALL, Hosts.ALL, 0.01, 0.1, 1);
        links.add(bursts);
        int lost = 0;
        int runs = 0;
        boolean before = false;
        for (int i = 0; i < 10 * PACKETS; i++) {
            boolean now = send(1, 2, 100, i).isLost();
            lost += now ? 1 : 0;
            runs += now && !before ? 1 : 0;
            before = now;
        }
        assertThat(lost / (10.0 * PACKETS)).isEqualTo(bursts.lossShare(), within(0.02));
        assertThat(lost / (double) runs).as("packets lost in one burst").isEqualTo(10, within(1.5));
    }

    @Test
    void delay_is_at_least_its_base_and_has_a_tail() {
        links.add(new LinkFault.Delay(ZERO, ZERO, Hosts.ALL, Hosts.ALL, Duration.ofMillis(10), Duration.ofMillis(5)));
        long most = 0;
        for (int i = 0; i < PACKETS; i++) {
            long delay = send(1, 2, 100, i).delayNanos();
            assertThat(delay).isGreaterThanOrEqualTo(10_000_000L);
            most = Math.max(most, delay);
        }
        assertThat(most).isBetween(40_000_000L, 60_000_000L);
    }

    @Test
    void packets_come_twice_late_flipped_or_cut_short() {
        links.add(new LinkFault.Duplication(ZERO, ZERO, Hosts.ALL, Hosts.of(1), 1));
        links.add(new LinkFault.Reordering(ZERO, ZERO, Hosts.ALL, Hosts.of(2), 1, Duration.ofMillis(9)));
        links.add(new LinkFault.BitFlip(ZERO, ZERO, Hosts.ALL, Hosts.of(3), 1));
        links.add(new LinkFault.Truncation(ZERO, ZERO, Hosts.ALL, Hosts.of(4), 1));
        assertThat(send(0, 1, 50, 0).copies()).isEqualTo(2);
        assertThat(send(0, 2, 50, 0).delayNanos()).isBetween(1L, 9_000_000L);
        int ones = 0;
        for (byte octet : send(0, 3, 50, 0).packet()) {
            ones += Integer.bitCount(octet & 0xff);
        }
        assertThat(ones).isEqualTo(1);
        assertThat(send(0, 4, 50, 0).packet().length).isLessThan(50);
    }

    @Test
    void what_is_larger_than_the_mtu_never_arrives() {
        links.add(new LinkFault.Mtu(ZERO, ZERO, Hosts.ALL, Hosts.ALL, 500));
        assertThat(send(0, 1, 500, 0).isLost()).isFalse();
        assertThat(send(0, 1, 501, 0).isLost()).isTrue();
    }

    @Test
    void what_is_short_on_a_stream_passes_where_a_full_segment_does_not() {
        links.add(new LinkFault.Mtu(ZERO, ZERO, Hosts.ALL, Hosts.ALL, 842));
        assertThat(links.streamDelayNanos(0, 1, 300, 0, chance)).isZero();
        assertThat(links.streamDelayNanos(0, 1, 60_000, 0, chance)).isGreaterThan(6 * SECOND);
    }

    @Test
    void a_thin_line_delays_what_waits_and_loses_what_does_not_fit() {
        links.add(new LinkFault.Bandwidth(ZERO, ZERO, Hosts.ALL, Hosts.ALL, 1_000, 2_000));
        assertThat(send(0, 1, 500, 0).delayNanos()).isEqualTo(SECOND / 2);
        assertThat(send(0, 1, 500, 0).delayNanos()).isEqualTo(SECOND);
        for (int i = 0; i < 3; i++) {
            assertThat(send(0, 1, 500, 0).isLost()).isFalse();
        }
        assertThat(send(0, 1, 500, 0).isLost()).isTrue();
        assertThat(send(0, 1, 500, 60 * SECOND).delayNanos()).isEqualTo(SECOND / 2);
    }

    @Test
    void a_cut_stops_datagrams_and_streams_and_a_block_of_udp_only_the_first() {
        links.add(new LinkFault.Cut(ZERO, ZERO, Hosts.of(1), Hosts.of(2), false));
        links.add(new LinkFault.UdpBlock(ZERO, ZERO, Hosts.of(3), Hosts.of(4)));
        assertThat(send(1, 2, 50, 0).isLost()).isTrue();
        assertThat(send(2, 1, 50, 0).isLost()).isFalse();
        assertThat(opening(1, 2)).isEqualTo(Opening.TIMES_OUT);
        assertThat(opening(2, 1)).as("the answer does not come").isEqualTo(Opening.TIMES_OUT);
        assertThat(send(3, 4, 50, 0).isLost()).isTrue();
        assertThat(opening(3, 4)).isEqualTo(Opening.ACCEPTED);
    }

    private Opening opening(int from, int to) {
        return links.stream(from, to, 0, chance).opening();
    }

    @Test
    void behind_a_translator_only_those_are_heard_whom_one_spoke_to() {
        LinkFault.Nat nat = new LinkFault.Nat(ZERO, ZERO, Hosts.of(1), Duration.ofSeconds(30));
        links.addEverywhere(nat);
        assertThat(send(2, 1, 50, 0).isLost()).isTrue();
        assertThat(opening(2, 1)).isEqualTo(Opening.TIMES_OUT);
        assertThat(send(1, 2, 50, SECOND).isLost()).isFalse();
        assertThat(send(2, 1, 50, 2 * SECOND).isLost()).isFalse();
        assertThat(send(3, 1, 50, 2 * SECOND).isLost()).isTrue();
        assertThat(send(2, 1, 50, 40 * SECOND).isLost()).isTrue();
        assertThat(opening(1, 2)).isEqualTo(Opening.ACCEPTED);
    }

    @Test
    void streams_time_out_hang_break_or_crawl() {
        links.add(new StreamFault.ConnectTimeout(ZERO, ZERO, Hosts.ALL, Hosts.of(1), 1));
        links.add(new StreamFault.HalfOpen(ZERO, ZERO, Hosts.ALL, Hosts.of(2), 1));
        links.add(new StreamFault.StreamReset(ZERO, ZERO, Hosts.ALL, Hosts.of(3), 1, 700));
        links.add(new StreamFault.BlackHole(ZERO, ZERO, Hosts.ALL, Hosts.of(4), 1, 800));
        links.add(new StreamFault.SlowReader(ZERO, ZERO, Hosts.ALL, Hosts.of(5), 1, 1_000));
        assertThat(opening(0, 1)).isEqualTo(Opening.TIMES_OUT);
        assertThat(opening(0, 2)).isEqualTo(Opening.HALF_OPEN);
        assertThat(links.stream(0, 3, 0, chance).resetAfter()).isEqualTo(700);
        assertThat(links.stream(0, 4, 0, chance).swallowAfter()).isEqualTo(800);
        assertThat(links.stream(0, 5, 0, chance).nanosFor(500)).isEqualTo(SECOND / 2);
        assertThat(links.stream(0, 6, 0, chance)).isEqualTo(StreamTerms.GOOD);
    }

    @Test
    void what_has_ended_leaves_no_trace() {
        LinkFault.Cut cut = new LinkFault.Cut(ZERO, ZERO, Hosts.of(1), Hosts.of(2), false);
        links.add(cut);
        links.add(cut);
        links.remove(cut);
        assertThat(links.isCut(1, 2)).as("two of them lay there").isTrue();
        links.remove(cut);
        assertThat(links.isClear()).isTrue();
    }
}
