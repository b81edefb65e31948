package io.culvert.gossip.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.KeyringRefused;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.PacketCodec;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Keys that change while the pool runs, host by host, so that two hosts are one step apart most of the time. */
class RotationTest {
    private final KeyedPool pool = new KeyedPool(5);
    private final PoolKey next = PoolKey.generate(pool.random);

    private interface Step {
        Keyring after(Keyring ring) throws KeyringRefused;
    }

    private List<Step> steps() {
        return List.of(ring -> ring.install(next), ring -> ring.use(next.id()), ring -> ring.remove(pool.key.id()));
    }

    @Test
    void at_every_step_everybody_hears_everything_and_nobody_is_given_up() throws KeyringRefused {
        for (int i = 0; i < 4; i++) {
            pool.add().publish("first");
        }
        pool.run(Duration.ofSeconds(20));
        SplittableRandom random = new SplittableRandom(7);
        Keyring ring = Keyring.of(pool.key);
        int changes = 0;
        for (Step step : steps()) {
            ring = step.after(ring);
            KeySchedules keys = new KeySchedules(KeyedPool.LABEL, ring);
            List<KeyedPool.Host> left = new ArrayList<>(pool.hosts);
            while (!left.isEmpty()) {
                left.remove(random.nextInt(left.size())).use(keys);
                KeyedPool.Host publisher = pool.hosts.get(random.nextInt(4));
                String service = "service-" + changes++;
                publisher.publish(service);
                plaintextIsRefused();
                pool.run(Duration.ofSeconds(12));
                for (KeyedPool.Host host : pool.hosts) {
                    if (host != publisher) {
                        assertThat(host.servicesOf(publisher)).containsExactly(service);
                    }
                }
            }
        }
        for (KeyedPool.Host host : pool.hosts) {
            assertThat(host.livenessSeen).noneMatch(seen -> seen.endsWith("FAILED") || seen.endsWith("LEFT"));
            assertThat(host.refusals).doesNotContainKey(Refusal.UNKNOWN_KEY);
        }
    }

    @Test
    void comparisons_alone_bring_a_newcomer_everything_while_the_trees_have_different_keys() throws KeyringRefused {
        KeyedPool.Host old = pool.add();
        old.publish("web");
        pool.run(Duration.ofSeconds(2));
        Keyring both = Keyring.of(pool.key).install(next);
        old.use(new KeySchedules(KeyedPool.LABEL, both.use(next.id())));
        // The newcomer still seals, and sums, under the former key: it joins by a comparison over a stream.
        KeyedPool.Host newcomer = pool.add(new KeySchedules(KeyedPool.LABEL, both));

        pool.run(Duration.ofSeconds(3));

        assertThat(newcomer.servicesOf(old)).containsExactly("web");
        assertThat(newcomer.liveness).containsEntry(old.id(), Liveness.ALIVE);
    }

    @Test
    void who_has_only_a_key_that_was_removed_is_not_understood_and_says_which_key_it_was() throws KeyringRefused {
        KeyedPool.Host host = pool.add();
        Insider late = new Insider(pool, 3);
        host.use(new KeySchedules(KeyedPool.LABEL, Keyring.of(next)));

        late.send(host, new Frame.Ping(1, host.id(), 0, 0, 0));
        pool.run(Duration.ofSeconds(1));

        assertThat(host.refusals).containsEntry(Refusal.UNKNOWN_KEY, 1);
        assertThat(late.received()).isZero();
    }

    private void plaintextIsRefused() {
        PeerAddress stranger = new PeerAddress(IpAddress.ofIpv4(0x0a020009), 9);
        for (KeyedPool.Host host : pool.hosts) {
            int before = host.refusals.getOrDefault(Refusal.MALFORMED, 0);
            byte[] plain = PacketCodec.encode(List.of(host.machine.ownWord(), host.machine.ownWord()));
            pool.datagram(plain, stranger, host);
            assertThat(host.refusals.getOrDefault(Refusal.MALFORMED, 0)).isEqualTo(before + 1);
        }
        assertThat(pool.strays).doesNotContainKey(stranger);
    }
}
