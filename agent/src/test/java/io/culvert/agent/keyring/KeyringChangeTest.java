package io.culvert.agent.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.agent.keyring.KeyringChange.Ask;
import io.culvert.agent.keyring.KeyringChange.Member;
import io.culvert.agent.keyring.KeyringChange.Next;
import io.culvert.agent.keyring.KeyringChange.Pool;
import io.culvert.agent.keyring.KeyringOrder.Kind;
import io.culvert.agent.keyring.KeyringProgress.State;
import io.culvert.catalog.NodeId;
import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeyringChangeTest {
    private static final String OLD = "00000001";
    private static final String NEW = "00000002";
    private static final Member A = member(1);
    private static final Member B = member(2);
    private static final Member C = member(3);

    private final Pool pool = new Pool(List.of(A, B), List.of(C));

    private static Member member(long id) {
        return new Member(new NodeId(0, id), "host-" + id);
    }

    private static KeyringChange rotation() {
        return new KeyringChange(
                "rotate",
                List.of(
                        new KeyringOrder(Kind.INSTALL, NEW),
                        new KeyringOrder(Kind.USE, NEW),
                        new KeyringOrder(Kind.KEEP_ONLY, NEW)),
                false);
    }

    private static KeyringChange use(boolean force) {
        return new KeyringChange(
                "use", List.of(new KeyringOrder(Kind.SHOW, ""), new KeyringOrder(Kind.USE, NEW)), force);
    }

    private static List<Member> hosts(Next next) {
        return next.asks().stream().map(Ask::host).toList();
    }

    private static List<Kind> kinds(Next next) {
        return next.asks().stream().map(ask -> ask.order().kind()).distinct().toList();
    }

    @Test
    void a_rotation_installs_everywhere_then_uses_everywhere_then_removes_everywhere() {
        KeyringChange change = rotation();
        Next install = change.resume(pool);
        assertThat(hosts(install)).containsExactly(A, B);
        assertThat(kinds(install)).containsExactly(Kind.INSTALL);
        assertThat(change.done(A.id(), List.of(OLD, NEW)).pause()).isEmpty();
        assertThat(change.done(B.id(), List.of(OLD, NEW)).pause()).contains(Duration.ZERO);

        assertThat(kinds(change.resume(pool))).containsExactly(Kind.USE);
        change.done(A.id(), List.of(NEW, OLD));
        change.done(B.id(), List.of(NEW, OLD));
        Next remove = change.resume(pool);
        assertThat(kinds(remove)).containsExactly(Kind.KEEP_ONLY);
        assertThat(remove.asks()).allSatisfy(ask -> assertThat(ask.remove()).containsExactly(OLD));
        change.done(B.id(), List.of(NEW));
        assertThat(change.isEnded()).isFalse();
        change.done(A.id(), List.of(NEW));

        assertThat(change.isEnded()).isTrue();
        assertThat(change.progress().problem()).isEmpty();
        assertThat(change.progress().hosts())
                .extracting(KeyringProgress.Host::state)
                .containsExactly(State.DONE, State.DONE, State.DOWN);
    }

    @Test
    void a_key_that_a_living_host_lacks_is_not_used_and_the_refusal_says_who_would_be_lost() {
        KeyringChange change = use(false);
        change.resume(pool);
        change.done(A.id(), List.of(OLD, NEW));
        change.done(B.id(), List.of(OLD));

        assertThat(change.resume(pool).asks()).isEmpty();

        assertThat(change.isEnded()).isTrue();
        assertThat(change.progress().problem())
                .contains("changing over to key " + NEW + " was not begun")
                .contains("host-2 (seals with key " + OLD + ")")
                .doesNotContain("host-1");
    }

    @Test
    void with_force_it_is_used_all_the_same() {
        KeyringChange change = use(true);
        change.resume(pool);
        change.done(A.id(), List.of(OLD, NEW));
        change.done(B.id(), List.of(OLD));

        assertThat(kinds(change.resume(pool))).containsExactly(Kind.USE);
    }

    @Test
    void a_key_that_a_living_host_seals_with_is_not_removed() {
        KeyringChange change = new KeyringChange(
                "remove", List.of(new KeyringOrder(Kind.SHOW, ""), new KeyringOrder(Kind.REMOVE, OLD)), false);
        change.resume(pool);
        change.done(A.id(), List.of(NEW, OLD));
        change.done(B.id(), List.of(OLD, NEW));

        change.resume(pool);

        assertThat(change.progress().problem()).contains("removing key " + OLD).contains("host-2");
    }

    @Test
    void who_does_not_answer_is_asked_again_with_growing_pauses_and_then_stops_the_change() {
        KeyringChange change = rotation();
        change.resume(pool);
        change.done(A.id(), List.of(OLD, NEW));
        List<Duration> pauses = new ArrayList<>();
        for (int round = 1; round < KeyringChange.ROUNDS; round++) {
            change.failed(B.id(), "no answer in time").pause().ifPresent(pauses::add);
            assertThat(hosts(change.resume(pool))).containsExactly(B);
        }
        change.failed(B.id(), "no answer in time");
        change.resume(pool);

        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
        assertThat(change.isEnded()).isTrue();
        assertThat(change.progress().problem()).contains("host-2 (no answer in time)");
    }

    @Test
    void a_host_that_dies_meanwhile_drops_out_and_one_that_comes_is_taken_in() {
        KeyringChange change = rotation();
        change.resume(pool);
        change.done(A.id(), List.of(OLD, NEW));
        change.failed(B.id(), "connection refused");

        Next after = change.resume(new Pool(List.of(A, C), List.of(B)));
        assertThat(hosts(after))
                .as("the newcomer gets the key before anybody uses it")
                .containsExactly(C);
        assertThat(kinds(after)).containsExactly(Kind.INSTALL);
        change.done(C.id(), List.of(OLD, NEW));
        Next use = change.resume(new Pool(List.of(A, C), List.of(B)));

        assertThat(hosts(use)).containsExactly(A, C);
        assertThat(kinds(use)).containsExactly(Kind.USE);
        assertThat(change.progress().hosts()).anySatisfy(host -> {
            assertThat(host.node()).isEqualTo("host-2");
            assertThat(host.state()).isEqualTo(State.DOWN);
        });
    }

    @Test
    void late_doubled_and_foreign_answers_change_nothing() {
        KeyringChange change = rotation();
        change.resume(pool);
        change.done(A.id(), List.of(OLD, NEW));

        assertThat(change.done(A.id(), List.of(OLD)).pause()).isEmpty();
        assertThat(change.failed(A.id(), "late").pause()).isEmpty();
        assertThat(change.done(C.id(), List.of(NEW)).pause()).isEmpty();
        assertThat(change.progress().hosts().get(0).keys()).containsExactly(OLD, NEW);
    }

    @Test
    void whatever_fails_dies_and_comes_two_living_hosts_always_have_the_key_that_the_other_seals_with() {
        Property.forSeeds(500, this::rotateThroughTrouble);
    }

    /** Hosts that are told an order carry it out, whether or not their answer arrives; gates rely on answers only. */
    private void rotateThroughTrouble(SplittableRandom random) {
        Map<NodeId, List<String>> rings = new HashMap<>();
        List<Member> living = new ArrayList<>();
        List<Member> absent = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            living.add(member(i));
            rings.put(member(i).id(), List.of(OLD));
        }
        KeyringChange change = rotation();
        Optional<Duration> pause = Optional.of(Duration.ZERO);
        for (int steps = 0; !change.isEnded() && steps < 1_000; steps++) {
            assertThat(pause).as("something is to happen next").isPresent();
            if (random.nextInt(4) == 0 && living.size() > 2) {
                absent.add(living.remove(1 + random.nextInt(living.size() - 1)));
            } else if (random.nextInt(4) == 0 && !absent.isEmpty()) {
                Member back = absent.remove(random.nextInt(absent.size()));
                // It has fetched the ring of the server, which is the first, as a host does that comes back.
                rings.put(back.id(), ring(rings, living.get(0)));
                living.add(back);
            }
            Next next = change.resume(new Pool(List.copyOf(living), List.copyOf(absent)));
            pause = next.pause();
            for (Ask ask : next.asks()) {
                boolean reached = random.nextInt(5) > 0;
                boolean heard = reached && random.nextInt(5) > 0;
                if (reached) {
                    rings.compute(ask.host().id(), (id, ring) -> after(ring == null ? List.of() : ring, ask));
                }
                understandEachOther(living, rings);
                Next then = heard
                        ? change.done(ask.host().id(), ring(rings, ask.host()))
                        : change.failed(ask.host().id(), "no answer");
                pause = then.pause().isPresent() ? then.pause() : pause;
            }
        }
        assertThat(change.isEnded()).isTrue();
        if (change.progress().problem().isEmpty()) {
            assertThat(living)
                    .allSatisfy(member -> assertThat(ring(rings, member).get(0)).isEqualTo(NEW));
        }
    }

    private static List<String> ring(Map<NodeId, List<String>> rings, Member member) {
        return rings.getOrDefault(member.id(), List.of());
    }

    private static List<String> after(List<String> ring, Ask ask) {
        List<String> next = new ArrayList<>(ring);
        String key = ask.order().key();
        if (!next.contains(key)) {
            next.add(key);
        }
        if (ask.order().kind() != Kind.INSTALL) {
            next.remove(key);
            next.add(0, key);
        }
        next.removeAll(ask.remove());
        return next;
    }

    private static void understandEachOther(List<Member> living, Map<NodeId, List<String>> rings) {
        Set<String> sealing = new HashSet<>();
        living.forEach(member -> sealing.add(ring(rings, member).get(0)));
        for (Member member : living) {
            assertThat(ring(rings, member)).as(member.name()).containsAll(sealing);
        }
    }
}
