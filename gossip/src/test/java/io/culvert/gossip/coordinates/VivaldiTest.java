package io.culvert.gossip.coordinates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.testbed.kit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class VivaldiTest {
    private static final long MILLISECOND = 1_000_000;
    private static final int CYCLES = 1_000;

    /** The true round trips between hosts, and how far the learned coordinates are from them. */
    private record Network(double[][] seconds) {
        static Network of(int hosts, java.util.function.ToDoubleBiFunction<Integer, Integer> roundTrip) {
            double[][] seconds = new double[hosts][hosts];
            for (int i = 0; i < hosts; i++) {
                for (int j = i + 1; j < hosts; j++) {
                    seconds[i][j] = roundTrip.applyAsDouble(i, j);
                    seconds[j][i] = seconds[i][j];
                }
            }
            return new Network(seconds);
        }

        List<Vivaldi> learn(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Vivaldi> hosts = new ArrayList<>();
            for (int i = 0; i < seconds.length; i++) {
                hosts.add(new Vivaldi(random.split()));
            }
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                for (int i = 0; i < hosts.size(); i++) {
                    int j = random.nextInt(hosts.size());
                    if (i != j) {
                        long nanos = Math.round(seconds[i][j] * 1e9);
                        assertThat(hosts.get(i)
                                        .onRoundTrip(
                                                new NodeId(0, j), hosts.get(j).coordinate(), nanos))
                                .isTrue();
                    }
                }
            }
            return hosts;
        }

        double averageError(long seed) {
            List<Vivaldi> hosts = learn(seed);
            DoubleStream.Builder errors = DoubleStream.builder();
            for (int i = 0; i < hosts.size(); i++) {
                for (int j = i + 1; j < hosts.size(); j++) {
                    double foretold = hosts.get(i)
                            .coordinate()
                            .distanceSeconds(hosts.get(j).coordinate());
                    errors.add(Math.abs(foretold - seconds[i][j]) / seconds[i][j]);
                }
            }
            return errors.build().average().orElseThrow();
        }
    }

    /** The average over many runs; the seeds are fixed, so that the figure is exact. */
    private static void assertLearned(Network network, double mostError) {
        double average = LongStream.range(0, 40)
                .mapToDouble(network::averageError)
                .average()
                .orElseThrow();
        assertThat(average).isLessThan(mostError);
    }

    @Test
    void a_line_of_hosts_is_learned_as_exactly_as_serf_learns_it() {
        assertLearned(Network.of(10, (i, j) -> 0.010 * (j - i)), 0.0031);
    }

    @Test
    void a_grid_of_hosts_is_learned_as_exactly_as_serf_learns_it() {
        assertLearned(Network.of(25, (i, j) -> 0.010 * StrictMath.hypot(i / 5 - j / 5, i % 5 - j % 5)), 0.0016);
    }

    @Test
    void distances_that_no_space_has_are_learned_as_exactly_as_serf_learns_them() {
        SplittableRandom random = new SplittableRandom(1);
        assertLearned(Network.of(25, (i, j) -> Math.max(0.001, 0.100 + 0.010 * random.nextGaussian())), 0.075);
    }

    @Test
    void two_halves_far_apart_are_told_from_neighbours() {
        Network network = Network.of(20, (i, j) -> i < 10 == j < 10 ? 0.001 : 0.080);
        List<Vivaldi> hosts = network.learn(1);
        Coordinate here = hosts.get(0).coordinate();
        assertThat(here.distanceSeconds(hosts.get(15).coordinate())).isCloseTo(0.080, within(0.008));
        assertThat(here.distanceSeconds(hosts.get(5).coordinate())).isLessThan(0.020);
    }

    @Test
    void one_delayed_packet_of_three_moves_nothing() {
        Vivaldi steady = new Vivaldi(new SplittableRandom(1));
        Vivaldi disturbed = new Vivaldi(new SplittableRandom(1));
        Coordinate peer = new Coordinate(new float[] {0.01f, 0, 0, 0, 0, 0, 0, 0}, 0.0001f, 0, 0.1f);
        for (int i = 0; i < 30; i++) {
            steady.onRoundTrip(new NodeId(0, 1), peer, 10 * MILLISECOND);
            disturbed.onRoundTrip(new NodeId(0, 1), peer, i % 3 == 2 ? 900 * MILLISECOND : 10 * MILLISECOND);
        }
        assertThat(disturbed.coordinate()).isEqualTo(steady.coordinate());
    }

    @Test
    void a_round_trip_that_cannot_be_is_not_believed() {
        Vivaldi vivaldi = new Vivaldi(new SplittableRandom(1));
        assertThat(vivaldi.onRoundTrip(new NodeId(0, 1), Coordinate.ORIGIN, -1)).isFalse();
        assertThat(vivaldi.onRoundTrip(new NodeId(0, 1), Coordinate.ORIGIN, 10_001 * MILLISECOND))
                .isFalse();
        assertThat(vivaldi.coordinate()).isEqualTo(Coordinate.ORIGIN);
    }

    /** What a peer may say within the bounds of the wire, it may say to do harm. */
    @Test
    void no_peer_moves_us_far_with_one_answer_nor_out_of_the_space_with_many() {
        Property.forSeeds(200, random -> {
            Vivaldi vivaldi = new Vivaldi(random.split());
            for (int i = 0; i < 500; i++) {
                Coordinate before = vivaldi.coordinate();
                vivaldi.onRoundTrip(
                        new NodeId(0, random.nextInt(5)), hostile(random), random.nextLong(10_000 * MILLISECOND));
                Coordinate after = vivaldi.coordinate();
                double moved = after.rawDistanceSeconds(before) - after.height() - before.height();
                assertThat(moved).isLessThan(2 * Vivaldi.LONGEST_STEP_SECONDS);
                assertThat(after.height())
                        .isBetween(Coordinate.LEAST_HEIGHT, Coordinate.FARTHEST_SECONDS)
                        .isLessThan(before.height() + 2 * (float) Vivaldi.LONGEST_STEP_SECONDS);
                assertThat(after.error()).isBetween(0f, Coordinate.GREATEST_ERROR);
                assertThat(after.place()).satisfies(place -> {
                    for (float value : place) {
                        assertThat(Math.abs(value)).isLessThanOrEqualTo(Coordinate.FARTHEST_SECONDS);
                    }
                });
            }
        });
    }

    private static Coordinate hostile(SplittableRandom random) {
        float[] place = new float[Coordinate.DIMENSIONS];
        for (int i = 0; i < place.length; i++) {
            place[i] = random.nextBoolean() ? 10 : (float) (20 * random.nextDouble() - 10);
        }
        return new Coordinate(
                place,
                random.nextBoolean() ? 0 : 10,
                (float) (20 * random.nextDouble() - 10),
                random.nextBoolean() ? 0 : 10);
    }

    /** It lies about its place, not about its round trip: that one is measured. */
    @Test
    void one_liar_among_many_does_not_blind_the_others() {
        int hosts = 20;
        Network network = Network.of(hosts, (i, j) -> i < 10 == j < 10 ? 0.001 : 0.080);
        SplittableRandom random = new SplittableRandom(7);
        List<Vivaldi> learners = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            learners.add(new Vivaldi(random.split()));
        }
        for (int cycle = 0; cycle < 4 * CYCLES; cycle++) {
            for (int i = 0; i < hosts; i++) {
                int j = random.nextInt(hosts);
                if (i != j) {
                    Coordinate said = j == 4 ? hostile(random) : learners.get(j).coordinate();
                    long nanos = Math.round(network.seconds[i][j] * 1e9);
                    learners.get(i).onRoundTrip(new NodeId(0, j), said, nanos);
                }
            }
        }
        int right = 0;
        int asked = 0;
        for (int i = 0; i < hosts; i++) {
            for (int near = 0; near < hosts; near++) {
                for (int far = 0; far < hosts; far++) {
                    boolean honest = i != 4 && near != 4 && far != 4 && i != near;
                    if (honest && i < 10 == near < 10 && i < 10 != far < 10) {
                        asked++;
                        Coordinate here = learners.get(i).coordinate();
                        right += here.distanceSeconds(learners.get(near).coordinate())
                                        < here.distanceSeconds(learners.get(far).coordinate())
                                ? 1
                                : 0;
                    }
                }
            }
        }
        assertThat((double) right / asked).isGreaterThan(0.9);
    }

    @Test
    void the_filter_forgets_peers_when_there_are_many() {
        LatencyFilter filter = new LatencyFilter();
        for (int i = 0; i < 10_000; i++) {
            assertThat(filter.filter(new NodeId(1, i), 0.001)).isEqualTo(0.001);
        }
        assertThat(filter.peers()).isEqualTo(4_096);
    }
}
