package io.culvert.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.membership.FakeSigner;
import io.culvert.gossip.membership.LoneMember;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.testbed.kit.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What layers with a membership of their own are told, driven by the real membership behind it. */
class PoolMembersTest {
    private final Story story = new Story();

    /** A membership with its view, kept up to date as the pool's loop does, and everything that a listener heard. */
    private static final class Story {
        final LoneMember lone = new LoneMember();
        final PoolMembers members = new PoolMembers();
        final List<String> told = new ArrayList<>();
        private int changes;
        private int renewals;
        private int forgotten;

        Story() {
            members.add(new PoolMembersListener() {
                @Override
                public void added(PoolMember member) {
                    told.add("added " + name(member));
                }

                @Override
                public void changed(PoolMember before, PoolMember after) {
                    assertThat(after.id()).isEqualTo(before.id());
                    assertThat(after).isNotEqualTo(before);
                    told.add("changed " + name(after));
                }

                @Override
                public void reachabilityChanged(PoolMember member) {
                    told.add((member.reachable() ? "reachable " : "unreachable ") + name(member));
                }

                @Override
                public void removed(PoolMember member) {
                    told.add("removed " + name(member));
                }
            });
        }

        private static String name(PoolMember member) {
            for (int i = 1; i < 20; i++) {
                if (new FakeSigner(i).id().equals(member.id())) {
                    return Integer.toString(i);
                }
            }
            return "?";
        }

        List<String> tell() {
            lone.port()
                    .changes()
                    .subList(changes, lone.port().changes().size())
                    .forEach(change -> show(change.member()));
            changes = lone.port().changes().size();
            lone.port()
                    .renewed()
                    .subList(renewals, lone.port().renewed().size())
                    .forEach(this::show);
            renewals = lone.port().renewed().size();
            lone.port()
                    .forgotten()
                    .subList(forgotten, lone.port().forgotten().size())
                    .forEach(members::forget);
            forgotten = lone.port().forgotten().size();
            List<String> news = List.copyOf(told);
            told.clear();
            return news;
        }

        private void show(NodeId id) {
            lone.membership.find(id).ifPresent(member -> members.update(member.alive(), member.shown()));
        }
    }

    private static Alive restarted(FakeSigner key, long epoch, String address) {
        return key.aliveAt(new PeerAddress(IpAddress.parse(address), 8301), new Incarnation(epoch, 0));
    }

    @Test
    void join_suspect_return_leave_and_coming_back() {
        FakeSigner one = story.lone.admit(1);
        assertThat(story.tell()).containsExactly("added 1");

        story.lone.hear(LoneMember.suspect(one, 0));
        assertThat(story.tell()).containsExactly("unreachable 1");
        assertThat(story.members.find(one.id()).orElseThrow().reachable()).isFalse();

        story.lone.hear(one.alive(1));
        assertThat(story.tell()).containsExactly("reachable 1");

        story.lone.hear(one.left(1));
        assertThat(story.tell()).containsExactly("removed 1");
        assertThat(story.members.current()).isEmpty();

        story.lone.hear(restarted(one, 51, "10.0.0.2"));
        assertThat(story.tell()).containsExactly("added 1");
    }

    @Test
    void a_crash_removes_once_the_pool_has_given_it_up_and_not_before() {
        FakeSigner one = story.lone.admit(1);
        story.lone.admit(2);
        story.tell();
        story.lone.hear(LoneMember.suspect(one, 0));
        story.lone.pass(story.lone.timeToObject());
        assertThat(story.tell()).containsExactly("unreachable 1");
        story.lone.hear(LoneMember.dead(one, 0));
        assertThat(story.tell()).containsExactly("removed 1");
        assertThat(story.members.current()).extracting(PoolMember::id).containsExactly(new FakeSigner(2).id());
    }

    @Test
    void a_restart_that_is_quicker_than_a_suspicion_removes_nobody() {
        FakeSigner one = story.lone.admit(1);
        story.tell();
        story.lone.hear(restarted(one, 51, "10.0.0.2"));
        assertThat(story.tell()).containsExactly("changed 1");
        story.lone.hear(LoneMember.suspect(one, 0));
        story.lone.hear(restarted(one, 52, "10.7.7.7"));
        assertThat(story.tell()).containsExactly("changed 1");
        PoolMember member = story.members.find(one.id()).orElseThrow();
        assertThat(member.address()).isEqualTo(IpAddress.parse("10.7.7.7"));
        assertThat(member.epoch()).isEqualTo(52);
        assertThat(member.reachable()).isTrue();
    }

    @Test
    void a_refutation_changes_nothing_that_anybody_asks_for() {
        FakeSigner one = story.lone.admit(1);
        story.tell();
        story.lone.hear(one.alive(1));
        story.lone.hear(one.alive(2));
        assertThat(story.tell()).isEmpty();
    }

    @Test
    void while_many_die_at_once_the_dead_stay_and_are_unreachable() {
        for (int i = 1; i <= 10; i++) {
            story.lone.admit(i);
        }
        story.tell();
        for (int i = 1; i <= 5; i++) {
            story.lone.hear(LoneMember.suspect(new FakeSigner(i), 0));
        }
        story.lone.pass(story.lone.timeToObject());
        for (int i = 1; i <= 5; i++) {
            story.lone.hear(LoneMember.dead(new FakeSigner(i), 0));
        }
        List<String> told = story.tell();
        assertThat(story.lone.membership.isFrozen()).isTrue();
        assertThat(story.members.current()).hasSize(10);
        assertThat(told).contains("unreachable 5").doesNotContain("removed 5");
    }

    /** Any life of five members; every listener's story must be well formed, and end where the membership is. */
    @Test
    void for_one_member_it_is_always_added_then_anything_then_removed() {
        Property.forSeeds(200, random -> {
            Story any = new Story();
            Map<String, Boolean> present = new HashMap<>();
            for (int step = 0; step < 200; step++) {
                step(any, random);
                for (String news : any.tell()) {
                    String[] words = news.split(" ");
                    boolean there = present.getOrDefault(words[1], false);
                    assertThat(there).as(news).isEqualTo(!words[0].equals("added"));
                    present.put(words[1], !words[0].equals("removed"));
                }
                for (int i = 1; i <= 5; i++) {
                    FakeSigner key = new FakeSigner(i);
                    boolean expected = any.lone
                            .membership
                            .find(key.id())
                            .map(member -> member.shown().isRoutable())
                            .orElse(false);
                    assertThat(any.members.find(key.id()).isPresent()).isEqualTo(expected);
                    assertThat(present.getOrDefault(Integer.toString(i), false)).isEqualTo(expected);
                }
            }
        });
    }

    /** Being removed and added again needs a death or a goodbye in between. */
    @Test
    void nobody_is_removed_by_anything_but_death_and_goodbye() {
        Property.forSeeds(200, random -> {
            Story any = new Story();
            FakeSigner one = any.lone.admit(1);
            any.tell();
            long epoch = FakeSigner.EPOCH;
            for (int step = 0; step < 100; step++) {
                if (random.nextBoolean()) {
                    epoch += random.nextInt(3);
                    any.lone.hear(restarted(one, epoch, "10.0." + random.nextInt(9) + ".1"));
                } else {
                    any.lone.hear(one.alive(random.nextInt(50)));
                    any.lone.hear(LoneMember.suspect(one, random.nextInt(50)));
                }
                any.lone.pass(random.nextLong(any.lone.timeToObject() / 2));
                Incarnation known =
                        any.lone.membership.find(one.id()).orElseThrow().incarnation();
                any.lone.hear(one.alive(known.next()));
                assertThat(any.tell()).noneMatch(news -> news.startsWith("added") || news.startsWith("removed"));
            }
        });
    }

    private static void step(Story any, SplittableRandom random) {
        FakeSigner key = new FakeSigner(1 + random.nextInt(5));
        long number = random.nextInt(6);
        switch (random.nextInt(8)) {
            case 0 -> any.lone.hear(key.alive(number));
            case 1 -> any.lone.hear(restarted(key, FakeSigner.EPOCH + random.nextInt(30), "10.0.0." + number));
            case 2 -> any.lone.hear(LoneMember.suspect(key, number));
            case 3 -> any.lone.hear(LoneMember.dead(key, number));
            case 4 -> any.lone.hear(key.left(number));
            case 5 -> any.lone.hear(LoneMember.forget(key, number));
            case 6 -> any.lone.hearInComparison(LoneMember.dead(key, number));
            default -> any.lone.pass(random.nextLong(60 * LoneMember.SECOND));
        }
    }
}
