package io.culvert.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.catalog.Liveness;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.wire.Refusal;
import io.culvert.testbed.kit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the simulator shows for thousands with a plain envelope, once more for fifty with everything real: sockets, streams,
 * encryption, signatures, disks, two loops. One story, because a pool of fifty takes a while to stand.
 */
class FiftyMembersLoopbackTest {
    private static final int MEMBERS = 50;
    /** Fifty signatures of fifty others at once would keep two loops of a busy machine from their probes. */
    private static final int AT_ONCE = 10;

    private static final int LOOPS = 2;
    private static final int VERIFIERS = 2;
    // Verifiers of members and of content, one thread for files and one for names.
    private static final int MOST_THREADS = LOOPS + 2 * VERIFIERS + 2;
    /** Streams of strangers, of comparisons and of probes that happen to be open when files are counted. */
    private static final int STREAMS_UNDER_WAY = 2 * MEMBERS;

    /** The proportions of the presets; patient enough for a machine that does other things. */
    private static final SwimSettings TIMING = new SwimSettings(
            new SwimSettings.Probe(Duration.ofMillis(1_000), Duration.ofMillis(500), 3, 7),
            new SwimSettings.Suspicion(6, 6),
            new SwimSettings.Spread(
                    Duration.ofMillis(100),
                    3,
                    4,
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(20),
                    new SwimSettings.Budget(1_000_000, 1_000_000)),
            new SwimSettings.Keeping(Duration.ofHours(72), Duration.ofHours(36)));

    private final SecureRandom random = new SecureRandom();
    private final GossipThreads threads = new GossipThreads(LOOPS, VERIFIERS);
    private final List<LoopbackHost> hosts = new ArrayList<>();

    @TempDir
    private Path directory = Path.of("");

    @AfterEach
    void all_end() {
        hosts.forEach(LoopbackHost::close);
        threads.close();
    }

    @Test
    void fifty_members_hear_of_each_other_of_every_change_and_of_every_end_whatever_strangers_send(
            TestReporter reporter) throws Exception {
        long seed = Seeds.seeds(1).findFirst().orElseThrow();
        reporter.publishEntry("seed of the strangers", String.valueOf(seed));
        long filesBefore = openFiles();
        Keyring both = Keyring.of(PoolKey.generate(random)).install(PoolKey.generate(random));
        for (int started = 0; started < MEMBERS; started += AT_ONCE) {
            for (int i = started; i < started + AT_ONCE; i++) {
                start(i, both);
            }
            everybody_sees_everybody();
        }
        try (RubbishSender stranger = new RubbishSender(addresses(), both.primary(), seed).start()) {
            patiently()
                    .until(() -> hosts.stream()
                            .allMatch(host ->
                                    host.refused(Refusal.MALFORMED) > 0 && host.refused(Refusal.NOT_AUTHENTIC) > 0));
            long filesOfAPool = openFiles();
            assertThat(ownThreads()).isLessThanOrEqualTo(MOST_THREADS);

            one_change_reaches_all(hosts.get(7));
            all_go_over_to_the_other_key(both);
            one_change_reaches_all(hosts.get(8));
            LoopbackHost leaver = one_leaves_and_is_never_failed();
            LoopbackHost victim = one_is_cut_off_and_found_dead();
            it_returns_from_its_own_disk(victim);

            nobody_else_was_ever_taken_for_dead(victim);
            // By chance one host may not have had each kind of rubbish yet.
            patiently()
                    .untilAsserted(() -> assertThat(hosts).allSatisfy(host -> {
                        assertThat(host.failures).as(host.name).isEmpty();
                        assertThat(host.refused(Refusal.NOT_AUTHENTIC))
                                .as(host.name)
                                .isPositive();
                        assertThat(host.refused(Refusal.MALFORMED))
                                .as(host.name)
                                .isPositive();
                    }));
            assertThat(stranger.datagrams()).isGreaterThan(10 * MEMBERS);
            assertThat(stranger.streams()).isGreaterThan(MEMBERS);
            leaver.close();
            patiently().untilAsserted(() -> {
                assertThat(openFiles()).isLessThanOrEqualTo(filesOfAPool + STREAMS_UNDER_WAY);
                assertThat(ownThreads()).isLessThanOrEqualTo(MOST_THREADS);
            });
        }
        nothing_stays_behind(filesBefore);
    }

    private void start(int number, Keyring both) throws Exception {
        // Half of them seal with the one key, half with the other: the middle of a rotation.
        Keyring keyring = number % 2 == 0 ? both : both.use(both.list().get(1).id());
        String name = "host-" + number;
        LoopbackHost host = new LoopbackHost(name, directory.resolve(name), keyring)
                .at("127.77.0." + (number + 1))
                .timing(TIMING)
                .on(threads)
                .retryJoin(number == 0 ? List.of() : List.of(hosts.get(0).address()))
                .start();
        host.publish("of-" + name);
        hosts.add(host);
    }

    private List<HostPort> addresses() {
        return hosts.stream().map(LoopbackHost::address).toList();
    }

    private void everybody_sees_everybody() {
        patiently().untilAsserted(() -> assertThat(missing()).isEmpty());
    }

    /** Who does not see whom alive, or has not heard what it offers. */
    private List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (LoopbackHost host : hosts) {
            if (host.alive() != hosts.size()) {
                missing.add(host + " sees " + host.alive() + " alive");
            }
            for (LoopbackHost owner : hosts) {
                if (owner != host && host.servicesOf(owner).isEmpty()) {
                    missing.add(host + " does not know what " + owner + " offers");
                }
            }
        }
        return missing;
    }

    private void one_change_reaches_all(LoopbackHost owner) {
        String changed = "changed-" + owner.name;
        owner.publish(changed);
        patiently()
                .untilAsserted(() -> assertThat(others(owner))
                        .allSatisfy(host ->
                                assertThat(host.servicesOf(owner)).as(host.name).containsExactly(changed)));
    }

    private void all_go_over_to_the_other_key(Keyring both) throws Exception {
        Keyring second = both.use(both.list().get(1).id());
        Keyring alone = second.remove(both.primary().id());
        for (LoopbackHost host : hosts) {
            host.useKeyring(second);
        }
        for (LoopbackHost host : hosts) {
            host.useKeyring(alone);
        }
    }

    private LoopbackHost one_leaves_and_is_never_failed() throws Exception {
        LoopbackHost leaver = hosts.get(MEMBERS - 1);
        CompletableFuture<Void> told = leaver.pool().leave().thenAccept(nothing -> {});
        told.get(60, TimeUnit.SECONDS);
        leaver.close();
        patiently()
                .untilAsserted(() -> assertThat(others(leaver))
                        .allSatisfy(host -> assertThat(host.livenessOf(leaver))
                                .as(host.name)
                                .contains(Liveness.LEFT)));
        return leaver;
    }

    private LoopbackHost one_is_cut_off_and_found_dead() {
        LoopbackHost victim = hosts.get(MEMBERS - 2);
        victim.rememberPort();
        victim.close();
        patiently()
                .untilAsserted(() -> assertThat(running(victim))
                        .allSatisfy(host -> assertThat(host.livenessOf(victim))
                                .as(host.name)
                                .contains(Liveness.FAILED)));
        return victim;
    }

    private void it_returns_from_its_own_disk(LoopbackHost victim) throws IOException {
        victim.retryJoin(List.of());
        victim.comeBack();
        victim.publish("back");
        patiently()
                .untilAsserted(() -> assertThat(running(victim)).allSatisfy(host -> {
                    assertThat(host.livenessOf(victim)).as(host.name).contains(Liveness.ALIVE);
                    assertThat(host.servicesOf(victim)).as(host.name).containsExactly("back");
                }));
        patiently().until(() -> victim.alive() == MEMBERS - 1);
    }

    private void nobody_else_was_ever_taken_for_dead(LoopbackHost victim) {
        assertThat(hosts)
                .allSatisfy(host -> assertThat(host.livenessSeen)
                        .as(host.name)
                        .filteredOn(seen -> seen.endsWith(" FAILED"))
                        .allMatch(seen -> seen.equals(victim.id() + " FAILED")));
    }

    private void nothing_stays_behind(long filesBefore) {
        hosts.forEach(LoopbackHost::close);
        threads.close();
        patiently().untilAsserted(() -> {
            assertThat(ownThreads()).isZero();
            assertThat(openFiles()).isLessThanOrEqualTo(filesBefore);
        });
    }

    private List<LoopbackHost> others(LoopbackHost except) {
        return hosts.stream().filter(host -> host != except).toList();
    }

    /** All others but the last one, which has left. */
    private List<LoopbackHost> running(LoopbackHost except) {
        return others(except).stream()
                .filter(host -> host != hosts.get(MEMBERS - 1))
                .toList();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(500));
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static long ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("gossip"))
                .count();
    }
}
