package io.culvert.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.wire.PeerAddress;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The search for a pool in virtual time: names, addresses and members are what a test says they are. */
class PoolEntranceTest {
    private static final PeerAddress SELF = peer("10.0.0.1:8301");
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final Map<String, List<IpAddress>> names = new TreeMap<>();
    private final Deque<Runnable> lookUps = new ArrayDeque<>();
    private final FakePool pool = new FakePool();
    private final PoolEntrance entrance;
    private boolean resolverHangs;
    private long nanos;

    PoolEntranceTest() {
        loop.freezeTime();
        SeedNames seeds = new SeedNames(
                loop.eventLoop(),
                lookUp -> {
                    if (resolverHangs) {
                        lookUps.add(lookUp);
                    } else {
                        lookUp.run();
                    }
                },
                this::resolve);
        entrance = new PoolEntrance(
                new PoolEntrance.Surroundings(loop.eventLoop(), seeds, new Random(1), () -> nanos), pool);
    }

    @AfterEach
    void close() {
        loop.finishAndReleaseAll();
    }

    private List<IpAddress> resolve(String name) throws UnknownHostException {
        List<IpAddress> addresses = names.get(name);
        if (addresses == null) {
            throw new UnknownHostException(name);
        }
        return addresses;
    }

    private static PeerAddress peer(String text) {
        HostPort host = HostPort.parse(text);
        return new PeerAddress(IpAddress.parse(host.host()), host.port());
    }

    private static final class FakePool implements PoolEntrance.Pool {
        final List<PeerAddress> asked = new ArrayList<>();
        final Set<PeerAddress> answering = new LinkedHashSet<>();
        final Set<PeerAddress> present = new LinkedHashSet<>();
        boolean answered;

        @Override
        public void ask(PeerAddress address, Consumer<Boolean> ended) {
            asked.add(address);
            ended.accept(answering.contains(address));
        }

        @Override
        public Set<PeerAddress> present() {
            return present;
        }

        @Override
        public boolean hasAnswered() {
            return answered;
        }

        @Override
        public OwnAddresses ourselves() {
            return new OwnAddresses(SELF, IpAddress.parse("0.0.0.0"), Set.of(IpAddress.parse("192.168.7.7")));
        }
    }

    private void keepTrying(String... hosts) {
        entrance.keepTrying(List.of(hosts).stream().map(HostPort::parse).toList(), List.of(), LONGEST);
        advance(Duration.ZERO);
    }

    private void advance(Duration by) {
        long end = nanos + by.toNanos();
        do {
            loop.runPendingTasks();
            loop.runScheduledPendingTasks();
            long step = Math.min(end - nanos, Duration.ofMillis(100).toNanos());
            loop.advanceTimeBy(step, TimeUnit.NANOSECONDS);
            nanos += step;
        } while (nanos < end);
        loop.runPendingTasks();
        loop.runScheduledPendingTasks();
        loop.runPendingTasks();
    }

    private List<PeerAddress> askedIn(Duration time) {
        pool.asked.clear();
        advance(time);
        return List.copyOf(pool.asked);
    }

    @Test
    void every_address_of_every_name_is_asked_until_one_answers() {
        names.put(
                "pool.example",
                IntStream.range(10, 30)
                        .mapToObj(i -> IpAddress.parse("10.0.1." + i))
                        .toList());
        PeerAddress last = peer("10.0.2.99:8301");
        pool.answering.add(last);

        keepTrying("pool.example", "10.0.2.98", "10.0.2.99");

        assertThat(pool.asked).contains(last);
        assertThat(pool.asked).doesNotHaveDuplicates();
        assertThat(entrance.status().searching()).isFalse();
    }

    @Test
    void nobody_answers_and_it_says_whom_it_asked_and_never_gives_up() {
        names.put("one.example", List.of(IpAddress.parse("10.0.1.1"), IpAddress.parse("10.0.1.2")));
        keepTrying("one.example:9000", "nowhere.example");

        JoinStatus status = entrance.status();
        assertThat(status.searching()).isTrue();
        assertThat(status.silentRounds()).isEqualTo(1);
        assertThat(status.asked()).containsExactlyInAnyOrder("10.0.1.1:9000", "10.0.1.2:9000");
        assertThat(status.unresolved()).containsExactly("nowhere.example: no such name, or no resolver answers");
        assertThat(status.nextIn())
                .hasValueSatisfying(
                        wait -> assertThat(wait).isBetween(Duration.ofMillis(600), Duration.ofMillis(1_200)));

        assertThat(askedIn(Duration.ofSeconds(10)).size()).isBetween(4, 8);
        advance(Duration.ofHours(5));
        assertThat(askedIn(Duration.ofMinutes(10)).size())
                .as("asked in ten minutes, hours later")
                .isBetween(32, 52);
        assertThat(entrance.status().silentRounds()).isGreaterThan(500);
    }

    @Test
    void a_name_is_looked_up_anew_at_each_try() {
        keepTrying("moving.example");
        assertThat(pool.asked).isEmpty();

        names.put("moving.example", List.of(IpAddress.parse("10.0.1.1")));
        assertThat(askedIn(Duration.ofSeconds(2))).contains(peer("10.0.1.1:8301"));
        names.put("moving.example", List.of(IpAddress.parse("10.0.1.2")));
        assertThat(askedIn(Duration.ofMinutes(1)))
                .contains(peer("10.0.1.2:8301"))
                .doesNotContain(peer("10.0.1.1:8301"));
    }

    @Test
    void a_resolver_that_hangs_holds_up_no_address_and_counts_when_it_answers() {
        resolverHangs = true;
        names.put("slow.example", List.of(IpAddress.parse("10.0.1.1")));
        keepTrying("slow.example", "10.0.2.2");
        assertThat(askedIn(Duration.ofSeconds(3))).contains(peer("10.0.2.2:8301"));
        assertThat(entrance.status().unresolved()).containsExactly("slow.example: the resolver has not answered yet");
        advance(Duration.ofMinutes(5));
        assertThat(lookUps).as("look-ups under way").hasSize(1);

        resolverHangs = false;
        lookUps.remove().run();
        assertThat(askedIn(Duration.ofMinutes(1))).contains(peer("10.0.1.1:8301"));
    }

    @Test
    void while_the_resolver_fails_a_name_stands_for_what_it_stood_for_last() {
        names.put("a.example", List.of(IpAddress.parse("10.0.1.1")));
        keepTrying("a.example");
        names.clear();

        assertThat(askedIn(Duration.ofMinutes(1))).contains(peer("10.0.1.1:8301"));
        assertThat(entrance.status().unresolved()).hasSize(1);
    }

    @Test
    void the_own_host_is_never_a_peer_by_whatever_address() {
        names.put("self.example", List.of(IpAddress.parse("10.0.0.1"), IpAddress.parse("192.168.7.7")));
        keepTrying("self.example", "127.0.0.1", "127.0.3.4", "[::1]:8301", "0.0.0.0", "10.0.0.1:8302");

        assertThat(pool.asked).as("another port is another agent").containsExactly(peer("10.0.0.1:8302"));
    }

    @Test
    void a_list_that_names_this_host_only_searches_for_nobody() {
        keepTrying("10.0.0.1", "127.0.0.1");
        assertThat(entrance.status().searching()).isFalse();
        assertThat(askedIn(Duration.ofMinutes(5))).isEmpty();
    }

    @Test
    void in_company_only_those_of_the_list_are_asked_who_are_no_members_and_seldom() {
        PeerAddress member = peer("10.0.1.1:8301");
        PeerAddress missing = peer("10.0.1.2:8301");
        pool.answering.add(member);
        keepTrying("10.0.1.1", "10.0.1.2");
        pool.present.add(member);
        pool.answered = true;

        List<PeerAddress> asked = askedIn(Duration.ofHours(1));

        assertThat(asked).contains(missing).doesNotContain(member);
        assertThat(asked.size()).isBetween(8, 18);
        assertThat(entrance.status().searching()).isFalse();
    }

    @Test
    void members_of_the_own_disk_who_have_not_answered_yet_are_no_company() {
        pool.present.add(peer("10.0.9.9:8301"));
        keepTrying("10.0.1.1");
        assertThat(pool.asked).containsExactly(peer("10.0.1.1:8301"));
        assertThat(entrance.status().searching()).isTrue();
    }

    @Test
    void left_alone_later_it_asks_again() {
        PeerAddress member = peer("10.0.1.1:8301");
        pool.answering.add(member);
        keepTrying("10.0.1.1");
        pool.present.add(member);
        pool.answered = true;
        advance(Duration.ofHours(1));
        pool.present.clear();
        pool.answered = false;
        pool.answering.clear();

        assertThat(askedIn(Duration.ofSeconds(40))).contains(member);
        assertThat(entrance.status().searching()).isTrue();
        assertThat(askedIn(Duration.ofMinutes(2)).size()).isGreaterThan(2);
    }

    @Test
    void those_known_before_are_asked_too_a_part_in_each_round() {
        List<PeerAddress> before = IntStream.range(0, 1_000)
                .mapToObj(i -> peer("10.1." + i / 250 + "." + (1 + i % 250) + ":8301"))
                .toList();
        entrance.keepTrying(List.of(), before, LONGEST);
        advance(Duration.ZERO);
        assertThat(pool.asked).hasSize(64).doesNotHaveDuplicates();
        pool.answering.add(before.get(777));
        advance(Duration.ofMinutes(60));
        assertThat(entrance.status().searching()).isFalse();
    }

    @Test
    void who_is_named_to_a_running_agent_is_asked_at_once_and_remembered_while_it_is_alone() {
        keepTrying();
        CompletableFuture<Integer> joined = entrance.join(List.of(HostPort.parse("10.0.5.5")));
        advance(Duration.ZERO);
        assertThat(joined).isCompletedWithValue(0);
        assertThat(askedIn(Duration.ofSeconds(3))).contains(peer("10.0.5.5:8301"));

        pool.answering.add(peer("10.0.5.6:8301"));
        joined = entrance.join(List.of(HostPort.parse("10.0.5.6"), HostPort.parse("10.0.5.7")));
        advance(Duration.ZERO);
        assertThat(joined).isCompletedWithValue(1);
    }
}
