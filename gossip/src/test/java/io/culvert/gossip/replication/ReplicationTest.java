package io.culvert.gossip.replication;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.replication.ReplicationNotice.Kind;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.FrameType;
import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The rules by which an owner's content moves, one by one. */
class ReplicationTest {
    private static final long WALL = 1_800_000_000L;

    private final SplittableRandom random = new SplittableRandom(42);
    private final World world = new World(random);
    private final World.Host owner = world.add();
    private final World.Host host = world.add();
    private final NodeContent content = Contents.of(owner.id(), 3, CheckStatus.PASSING);

    private void published() {
        world.introduceAll();
        owner.publish(content);
        world.run(Duration.ofSeconds(3));
        assertThat(host.catalog).containsKey(owner.id());
    }

    // ---- the ways of a change ----

    @Test
    void a_restart_with_the_same_services_costs_one_head_and_nobody_notices() {
        published();
        owner.down = true;
        host.catalog.clear();
        host.sent.clear();
        World.Host restarted = world.add(owner.key, 101, ReplicationSettings.DEFAULT);
        restarted.replication.memberChanged(host.id(), host.key.publicKey(), Liveness.ALIVE, world.moment());

        restarted.publish(content);
        List<Frame.Content> news = restarted.replication.rumours().take(new ContentRumours.Round(), 1_200, 2);
        hand(news);

        assertThat(news).singleElement().satisfies(frame -> {
            assertThat(frame.type()).isEqualTo(FrameType.HEAD);
            assertThat(frame.length()).isLessThanOrEqualTo(116);
        });
        assertThat(host.sent).noneMatch(frame -> frame.type() == FrameType.PULL);
        assertThat(host.catalog).as("no change was reported").doesNotContainKey(owner.id());
        assertThat(host.replication.root()).isEqualTo(restarted.replication.root());
    }

    @Test
    void a_change_whose_forerunner_was_lost_is_held_pulled_and_then_told_on() {
        published();
        NodeContent second = Contents.withStatus(content, 0, CheckStatus.WARNING);
        owner.publish(second);
        drainRumours(owner);
        world.run(Duration.ofSeconds(3));
        drainRumours(host);
        NodeContent third = Contents.withStatus(second, 1, CheckStatus.CRITICAL);
        owner.publish(third);
        List<Frame.Content> news = owner.replication.rumours().take(new ContentRumours.Round(), 1_200, 2);

        hand(news);
        world.run(Duration.ofSeconds(1));

        assertThat(host.sent).anyMatch(frame -> frame.type() == FrameType.PULL);
        assertThat(requireNonNull(host.catalog.get(owner.id())).checks()).hasSameElementsAs(third.checks());
        assertThat(host.streamPulls).isZero();
    }

    @Test
    void a_repair_too_long_for_a_datagram_is_fetched_over_a_stream() {
        world.introduceAll();
        NodeContent large = Contents.of(owner.id(), 200, CheckStatus.PASSING);

        owner.publish(large);
        world.run(Duration.ofSeconds(2));

        assertThat(requireNonNull(host.catalog.get(owner.id())).services()).hasSize(200);
        assertThat(host.streamPulls).isEqualTo(1);
    }

    @Test
    void a_question_that_is_not_answered_is_asked_over_a_stream_and_then_of_another() {
        World.Host third = world.add();
        world.introduceAll();
        world.comparing = false;
        owner.publish(content);
        hand(third, owner.replication.rumours().take(new ContentRumours.Round(), 1_200, 3));
        world.run(Duration.ofSeconds(1));
        assertThat(third.catalog).containsKey(owner.id());
        host.catalog.clear();
        owner.down = true;
        World.Host late = world.add();
        world.introduceAll();

        late.replication.onFrame(
                owner.id(),
                requireNonNull(owner.replication.repairFor(whole(owner.id())))
                        .head()
                        .frame(),
                world.moment());
        world.run(Duration.ofSeconds(3));

        assertThat(late.catalog).containsKey(owner.id());
        assertThat(late.streamPulls).isEqualTo(2);
    }

    @Test
    void nothing_older_than_what_is_held_is_taken() {
        published();
        Repair old = requireNonNull(owner.replication.repairFor(whole(owner.id())));
        owner.publish(Contents.withStatus(content, 0, CheckStatus.CRITICAL));
        world.run(Duration.ofSeconds(3));
        int verifications = host.verifications;

        hand(List.of(old.frame(), old.head().frame()));

        assertThat(requireNonNull(host.catalog.get(owner.id())).checks())
                .anyMatch(check -> check.status() == CheckStatus.CRITICAL);
        assertThat(host.verifications).as("old news are not even verified").isEqualTo(verifications);
    }

    @Test
    void many_copies_of_the_same_news_are_verified_once() {
        published();
        owner.publish(Contents.withStatus(content, 0, CheckStatus.CRITICAL));
        Frame.Content news = owner.replication
                .rumours()
                .take(new ContentRumours.Round(), 1_200, 2)
                .get(0);
        drainRumours(owner);
        int before = host.verifications;

        for (int i = 0; i < 20; i++) {
            host.replication.onFrame(owner.id(), news, world.moment());
        }
        world.run(Duration.ofSeconds(1));
        hand(List.of(news, news));

        assertThat(host.verifications).isEqualTo(before + 1);
    }

    @Test
    void an_idle_owner_signs_again_every_six_hours_and_everybody_follows() {
        published();
        long before = owner.replication.root();

        world.run(Duration.ofHours(6).plusMinutes(1));

        assertThat(owner.replication.root()).isNotEqualTo(before).isEqualTo(host.replication.root());
        assertThat(requireNonNull(host.replication.repairFor(whole(owner.id())))
                        .head()
                        .stampHours())
                .isGreaterThanOrEqualTo(WALL / 3_600 + 5);
    }

    // ---- liars ----

    @Test
    void a_head_that_its_owner_did_not_sign_changes_nothing() {
        published();
        Repair real = requireNonNull(owner.replication.repairFor(whole(owner.id())));
        Head head = real.head();
        Head forged = new Head(
                head.owner(),
                head.epoch(),
                head.version() + 1,
                head.stampHours(),
                0,
                RecordSet.EMPTY.hash(),
                new byte[64]);

        hand(List.of(forged.frame(), new Repair(forged, real.ownerKey(), List.of(), List.of()).frame()));

        assertThat(host.count(Kind.BAD_SIGNATURE)).isEqualTo(2);
        assertThat(requireNonNull(host.catalog.get(owner.id())).services()).hasSize(3);
    }

    @Test
    void a_false_key_beside_a_stranger_does_not_make_it_true() {
        FakeKey stranger = FakeKey.random(random);
        FakeKey liar = FakeKey.random(random);
        Repair real = Worlds.repair(stranger, 1, Contents.of(stranger.id(), 1, CheckStatus.PASSING));
        Head resigned = real.head().withSignature(liar.sign(real.head().signedBytes()));

        hand(List.of(new Repair(resigned, liar.publicKey(), real.liveSlots(), real.records()).frame()));

        assertThat(host.catalog).doesNotContainKey(stranger.id());
        assertThat(host.verifications).isZero();
    }

    @Test
    void changes_that_do_not_lead_to_what_the_owner_signed_are_dropped_and_the_truth_is_fetched() {
        published();
        NodeContent flipped = Contents.withStatus(content, 0, CheckStatus.CRITICAL);
        owner.publish(flipped);
        Delta real = (Delta) World.read(owner.replication
                .rumours()
                .take(new ContentRumours.Round(), 1_200, 2)
                .get(0));
        drainRumours(owner);
        List<Delta.Change> tampered = new ArrayList<>();
        for (Delta.Change change : real.changes()) {
            tampered.add(new Delta.StatusFlip(change.slot(), change.version(), CheckStatus.WARNING));
        }

        hand(List.of(new Delta(real.head(), real.previousVersion(), tampered).frame()));
        assertThat(host.count(Kind.MISMATCH)).isEqualTo(1);
        world.run(Duration.ofSeconds(2));

        assertThat(requireNonNull(host.catalog.get(owner.id())).checks()).hasSameElementsAs(flipped.checks());
    }

    @Test
    void whoever_hands_on_changes_that_another_spoilt_is_not_taken_for_the_liar() {
        published();
        NodeId honest = owner.id();
        for (int i = 0; i < 12; i++) {
            owner.publish(Contents.withStatus(content, 0, i % 2 == 0 ? CheckStatus.CRITICAL : CheckStatus.WARNING));
            Head head = requireNonNull(owner.replication.repairFor(whole(owner.id())))
                    .head();
            drainRumours(owner);
            host.replication.onFrame(
                    honest,
                    new Delta(head, head.version() - 1, List.of(new Delta.Delete(4_711, head.version()))).frame(),
                    world.moment());
            world.run(Duration.ofSeconds(4));
        }

        assertThat(host.count(Kind.MISMATCH)).isGreaterThan(10);
        assertThat(host.count(Kind.SENDER_MUTED)).isZero();
        assertThat(host.replication.root()).isEqualTo(owner.replication.root());
    }

    @Test
    void a_whole_set_that_is_not_the_signed_one_is_asked_of_another_and_its_sender_counted() {
        World.Host third = world.add();
        world.introduceAll();
        published();
        hand(
                third,
                List.of(requireNonNull(owner.replication.repairFor(whole(owner.id())))
                        .frame()));
        NodeId liar = new NodeId(6, 6);
        for (int i = 0; i < 11; i++) {
            owner.publish(Contents.of(owner.id(), 4 + i, CheckStatus.PASSING));
            drainRumours(owner);
            Repair real = requireNonNull(owner.replication.repairFor(whole(owner.id())));
            List<Repair.Entry> spoilt = new ArrayList<>();
            real.records().forEach(entry -> spoilt.add(new Repair.Entry(entry.slot(), entry.version(), new byte[1])));
            host.replication.onFrame(
                    liar, new Repair(real.head(), real.ownerKey(), real.liveSlots(), spoilt).frame(), world.moment());
            world.run(Duration.ofSeconds(1));
            assertThat(requireNonNull(host.catalog.get(owner.id())).checks())
                    .hasSameElementsAs(owner.published.checks());
        }

        Head next =
                requireNonNull(owner.replication.repairFor(whole(owner.id()))).head();
        host.replication.onFrame(
                liar,
                new Head(
                                next.owner(),
                                next.epoch(),
                                next.version() + 1,
                                next.stampHours(),
                                0,
                                next.setHash(),
                                new byte[64])
                        .frame(),
                world.moment());
        assertThat(host.count(Kind.SENDER_MUTED)).isEqualTo(1);
    }

    @Test
    void bad_news_that_is_too_long_for_a_packet_is_as_urgent_as_that_which_is_not() {
        world.introduceAll();
        NodeContent large = Contents.of(owner.id(), 400, CheckStatus.PASSING);
        owner.publish(large);
        world.run(Duration.ofSeconds(20));
        drainRumours(owner);
        drainRumours(host);
        assertThat(host.catalog).containsKey(owner.id());

        host.down = true;
        owner.publish(Contents.of(owner.id(), 0, CheckStatus.PASSING));
        assertThat(copiesOf(owner)).isEqualTo(8);
        Repair repair = requireNonNull(owner.replication.repairFor(whole(owner.id())));
        hand(List.of(repair.head().frame(), repair.frame()));

        assertThat(requireNonNull(host.catalog.get(owner.id())).services()).isEmpty();
        assertThat(copiesOf(host)).as("what is told on keeps its urgency").isEqualTo(8);
    }

    /** How often the news are told in a pool of 99: eight times if they are bad, else six. */
    private static int copiesOf(World.Host of) {
        int copies = 0;
        while (of.replication.rumours().size() > 0) {
            copies += of.replication
                    .rumours()
                    .take(new ContentRumours.Round(), 1_200, 99)
                    .size();
        }
        return copies;
    }

    @Test
    void who_sends_more_than_ten_bad_signatures_a_minute_is_not_listened_to_for_the_rest_of_it() {
        published();
        Head head =
                requireNonNull(owner.replication.repairFor(whole(owner.id()))).head();
        NodeId liar = new NodeId(6, 6);
        for (int i = 1; i <= 20; i++) {
            Head forged = new Head(
                    head.owner(), head.epoch(), head.version() + i, head.stampHours(), 0, head.setHash(), new byte[64]);
            host.replication.onFrame(liar, forged.frame(), world.moment());
            world.run(Duration.ofMillis(40));
        }

        assertThat(host.count(Kind.BAD_SIGNATURE)).isEqualTo(11);
        assertThat(host.count(Kind.SENDER_MUTED)).isEqualTo(9);
        world.run(Duration.ofSeconds(61));
        Head another = new Head(
                head.owner(), head.epoch(), head.version() + 99, head.stampHours(), 0, head.setHash(), new byte[64]);
        host.replication.onFrame(liar, another.frame(), world.moment());
        world.run(Duration.ofMillis(40));
        assertThat(host.count(Kind.BAD_SIGNATURE)).isEqualTo(12);
    }

    @Test
    void two_processes_with_one_key_are_noticed_by_all_and_both_and_one_state_wins_everywhere() {
        World.Host clone = world.add(owner.key, 100, ReplicationSettings.DEFAULT);
        World.Host third = world.add();
        for (World.Host each : List.of(host, third)) {
            each.replication.memberChanged(owner.id(), owner.key.publicKey(), Liveness.ALIVE, world.moment());
        }
        owner.publish(content);
        clone.publish(Contents.of(owner.id(), 1, CheckStatus.CRITICAL));
        Repair one = requireNonNull(owner.replication.repairFor(whole(owner.id())));
        Repair other = requireNonNull(clone.replication.repairFor(whole(owner.id())));
        drainRumours(owner);
        drainRumours(clone);

        hand(host, List.of(one.frame(), other.frame()));
        hand(third, List.of(other.frame(), one.frame()));
        hand(owner, List.of(other.frame()));
        hand(clone, List.of(one.frame()));

        assertThat(host.replication.repairFor(whole(owner.id())))
                .usingRecursiveComparison()
                .isEqualTo(third.replication.repairFor(whole(owner.id())));
        assertThat(host.count(Kind.EQUIVOCATION)).isPositive();
        assertThat(third.count(Kind.EQUIVOCATION)).isPositive();
        assertThat(owner.count(Kind.OWN_IDENTITY_CLONED)).isEqualTo(1);
        assertThat(clone.count(Kind.OWN_IDENTITY_CLONED)).isEqualTo(1);
    }

    @Test
    void an_owner_that_lost_its_disk_and_its_clock_goes_on_above_what_the_pool_remembers_and_once_only() {
        published();
        world.hosts.remove(owner);
        World.Host reborn = world.add(owner.key, 50, ReplicationSettings.DEFAULT);
        reborn.publish(Contents.of(owner.id(), 1, CheckStatus.PASSING));
        Repair remembered = requireNonNull(host.replication.repairFor(whole(owner.id())));

        reborn.replication.onFrame(host.id(), remembered.frame(), world.moment());
        world.run(Duration.ofSeconds(4));

        assertThat(reborn.epochsSeen).containsExactly(100L);
        assertThat(requireNonNull(host.catalog.get(owner.id())).services()).hasSize(1);
        Repair further = Worlds.repair(owner.key, 500, 1, content, WALL);
        reborn.replication.onFrame(host.id(), further.frame(), world.moment());
        world.run(Duration.ofSeconds(1));
        assertThat(reborn.count(Kind.OWN_IDENTITY_CLONED)).isEqualTo(1);
        assertThat(reborn.epochsSeen).hasSize(1);
    }

    @Test
    void content_that_names_another_node_is_not_taken_over_and_an_unreadable_record_costs_only_itself() {
        FakeKey stranger = FakeKey.random(random);
        RecordSet foreign =
                RecordSet.of(Map.of(0, RecordSet.Stored.of(RecordCodec.encode(Contents.node(owner.id())), 1)));
        RecordSet broken = RecordSet.of(Map.of(
                0, RecordSet.Stored.of(RecordCodec.encode(Contents.node(stranger.id())), 2),
                7, RecordSet.Stored.of(new byte[] {RecordCodec.SERVICE, 1, 5}, 2)));

        hand(List.of(signed(stranger, 1, foreign).frame()));
        assertThat(host.count(Kind.FOREIGN_CONTENT)).isEqualTo(1);
        assertThat(host.catalog).isEmpty();
        hand(List.of(signed(stranger, 2, broken).frame()));

        assertThat(host.count(Kind.UNREADABLE_RECORD)).isEqualTo(1);
        assertThat(host.catalog).containsOnlyKeys(stranger.id());
    }

    // ---- the dead ----

    @Test
    void a_stranger_is_believed_only_while_its_head_is_younger_than_two_days() {
        FakeKey young = FakeKey.random(random);
        FakeKey future = FakeKey.random(random);
        FakeKey old = FakeKey.random(random);
        long hour = 3_600;

        hand(List.of(
                Worlds.repair(young, 1, 1, Contents.of(young.id(), 1, CheckStatus.PASSING), WALL - 47 * hour)
                        .frame(),
                Worlds.repair(future, 1, 1, Contents.of(future.id(), 1, CheckStatus.PASSING), WALL + 13 * hour)
                        .frame(),
                Worlds.repair(old, 1, 1, Contents.of(old.id(), 1, CheckStatus.PASSING), WALL - 48 * hour)
                        .frame()));

        assertThat(host.catalog).containsOnlyKeys(young.id());
        assertThat(host.count(Kind.RESURRECTION_REFUSED)).isEqualTo(2);
    }

    @Test
    void a_live_member_is_believed_whatever_its_clock_says_and_one_that_left_is_not() {
        FakeKey slow = FakeKey.random(random);
        FakeKey gone = FakeKey.random(random);
        FakeKey fast = FakeKey.random(random);
        host.replication.memberChanged(slow.id(), slow.publicKey(), Liveness.ALIVE, world.moment());
        host.replication.memberChanged(fast.id(), fast.publicKey(), Liveness.ALIVE, world.moment());
        host.replication.memberChanged(gone.id(), gone.publicKey(), Liveness.LEFT, world.moment());

        hand(List.of(
                Worlds.repair(slow, 1, 1, Contents.of(slow.id(), 1, CheckStatus.PASSING), 1_000_000)
                        .frame(),
                Worlds.repair(fast, 1, 1, Contents.of(fast.id(), 1, CheckStatus.PASSING), WALL + 100_000)
                        .frame(),
                Worlds.repair(gone, 1, Contents.of(gone.id(), 1, CheckStatus.PASSING))
                        .frame()));

        assertThat(host.catalog).containsOnlyKeys(slow.id(), fast.id());
        assertThat(host.count(Kind.CLOCK_SKEW)).isEqualTo(1);
    }

    @Test
    void the_dead_are_kept_unlisted_after_36_hours_and_forgotten_after_72_and_do_not_come_back() {
        published();
        World.Host slowPeer = world.add();
        slowPeer.replication.memberChanged(owner.id(), owner.key.publicKey(), Liveness.ALIVE, world.moment());
        hand(
                slowPeer,
                List.of(requireNonNull(owner.replication.repairFor(whole(owner.id())))
                        .frame()));
        owner.down = true;
        world.comparing = false;
        host.replication.memberChanged(owner.id(), owner.key.publicKey(), Liveness.FAILED, world.moment());
        long listed = host.replication.root();

        world.run(Duration.ofHours(35));
        assertThat(host.replication.root()).isEqualTo(listed);
        world.run(Duration.ofHours(2));
        assertThat(host.replication.root()).isNotEqualTo(listed);
        assertThat(host.catalog).containsKey(owner.id());
        world.run(Duration.ofHours(36));

        assertThat(host.forgotten).containsExactly(owner.id());
        Comparisons.run(host, slowPeer, world.moment());
        world.run(Duration.ofMinutes(1));
        assertThat(host.catalog).doesNotContainKey(owner.id());
        assertThat(host.count(Kind.RESURRECTION_REFUSED)).isPositive();
    }

    @Test
    void who_comes_back_after_71_hours_finds_its_content_as_it_was() {
        published();
        host.replication.memberChanged(owner.id(), owner.key.publicKey(), Liveness.FAILED, world.moment());
        owner.down = true;
        world.run(Duration.ofHours(71));

        owner.down = false;
        host.replication.memberChanged(owner.id(), owner.key.publicKey(), Liveness.ALIVE, world.moment());
        world.run(Duration.ofHours(10));

        assertThat(host.forgotten).isEmpty();
        assertThat(host.catalog).containsKey(owner.id());
        assertThat(host.replication.root()).isEqualTo(owner.replication.root());
    }

    @Test
    void what_the_membership_forgets_is_forgotten() {
        published();

        host.replication.memberForgotten(owner.id());

        assertThat(host.forgotten).containsExactly(owner.id());
        assertThat(host.replication.repairFor(whole(owner.id()))).isNull();
    }

    @Test
    void a_snapshot_brings_everything_back_after_a_restart() {
        published();
        host.publish(Contents.of(host.id(), 1, CheckStatus.PASSING));
        World.Host restarted = world.add(host.key, 101, ReplicationSettings.DEFAULT);

        host.replication
                .snapshot()
                .forEach(frame -> restarted.replication.onFrame(restarted.id(), frame, world.moment()));
        world.run(Duration.ofMillis(100));

        assertThat(restarted.catalog).containsKey(owner.id());
    }

    // ---- bounds ----

    @Test
    void strangers_verifications_and_pulls_are_bounded_and_what_is_over_is_counted() {
        ReplicationSettings defaults = ReplicationSettings.DEFAULT;
        ReplicationSettings tight = new ReplicationSettings(
                defaults.resignAfter(),
                defaults.pullTimeout(),
                defaults.unlistedAfter(),
                defaults.forgetAfter(),
                defaults.strangersYoungerThan(),
                new ReplicationSettings.Bounds(5, 1 << 20, 8, 1 << 20, 3, 4));
        World.Host small = world.add(FakeKey.random(random), 1, tight);
        List<Frame.Content> repairs = new ArrayList<>();
        List<Frame.Content> heads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            FakeKey key = FakeKey.random(random);
            Repair repair = Worlds.repair(key, 1, Contents.of(key.id(), 1, CheckStatus.PASSING));
            repairs.add(repair.frame());
            FakeKey unknown = FakeKey.random(random);
            heads.add(Worlds.repair(unknown, 1, Contents.of(unknown.id(), 1, CheckStatus.PASSING))
                    .head()
                    .frame());
        }

        repairs.forEach(frame -> small.replication.onFrame(owner.id(), frame, world.moment()));
        assertThat(small.replication.verificationRoom()).isZero();
        heads.forEach(frame -> small.replication.onFrame(owner.id(), frame, world.moment()));
        world.run(Duration.ofMillis(100));

        assertThat(small.count(Kind.TOO_MANY_VERIFICATIONS)).isEqualTo(2);
        assertThat(small.count(Kind.TOO_MANY_OWNERS)).isEqualTo(3);
        assertThat(small.count(Kind.TOO_MANY_PULLS)).isEqualTo(7);
        assertThat(small.replication.ownersWithContent()).isEqualTo(5);
    }

    @Test
    void the_records_of_strangers_and_what_waits_for_verdicts_are_bounded_in_bytes() {
        ReplicationSettings defaults = ReplicationSettings.DEFAULT;
        ReplicationSettings tight = new ReplicationSettings(
                defaults.resignAfter(),
                defaults.pullTimeout(),
                defaults.unlistedAfter(),
                defaults.forgetAfter(),
                defaults.strangersYoungerThan(),
                new ReplicationSettings.Bounds(1_000, 60_000, 1_000, 150_000, 10, 10));
        World.Host small = world.add(FakeKey.random(random), 1, tight);
        FakeKey member = FakeKey.random(random);
        for (int i = 0; i < 10; i++) {
            FakeKey key = FakeKey.random(random);
            Repair repair = Worlds.repair(key, 1, Contents.of(key.id(), 200, CheckStatus.PASSING));
            small.replication.onFrame(owner.id(), repair.frame(), world.moment());
        }
        int waiting = small.count(Kind.TOO_MANY_VERIFICATIONS);
        world.run(Duration.ofMillis(100));

        assertThat(waiting).isBetween(6, 8);
        assertThat(small.count(Kind.TOO_MANY_OWNERS)).isPositive();
        assertThat(small.replication.ownersWithContent()).isPositive();
        small.replication.memberChanged(member.id(), member.publicKey(), Liveness.ALIVE, world.moment());
        Repair large = Worlds.repair(member, 1, Contents.of(member.id(), 1_000, CheckStatus.PASSING));
        small.replication.onFrame(owner.id(), large.frame(), world.moment());
        world.run(Duration.ofMillis(100));
        assertThat(small.catalog).containsKey(member.id());
    }

    @Test
    void noise_of_any_kind_is_counted_and_changes_nothing() {
        published();
        long root = host.replication.root();
        FrameType[] types = {FrameType.HEAD, FrameType.DELTA, FrameType.PULL, FrameType.REPAIR};
        Frame.Content real =
                requireNonNull(owner.replication.repairFor(whole(owner.id()))).frame();
        Property.forSeeds(2_000, noise -> {
            byte[] body = noise.nextBoolean()
                    ? Property.bytes(noise, noise.nextInt(400))
                    : real.body().clone();
            if (body.length > 0) {
                body[noise.nextInt(body.length)] ^= (byte) (1 << noise.nextInt(8));
            }
            host.replication.onFrame(
                    new NodeId(noise.nextLong(), 1), new Frame.Content(types[noise.nextInt(4)], body), world.moment());
        });
        world.run(Duration.ofSeconds(5));

        assertThat(host.replication.root()).isEqualTo(root);
        assertThat(host.count(Kind.MALFORMED)).isPositive();
    }

    private Repair signed(FakeKey key, long version, RecordSet set) {
        Head unsigned = new Head(key.id(), 1, version, WALL / 3_600, set.size(), set.hash(), new byte[64]);
        return new Repair(
                unsigned.withSignature(key.sign(unsigned.signedBytes())),
                key.publicKey(),
                new ArrayList<>(set.slots().keySet()),
                set.changedSince(0));
    }

    private void hand(List<Frame.Content> frames) {
        hand(host, frames);
    }

    private void hand(World.Host to, List<Frame.Content> frames) {
        for (Frame.Content frame : frames) {
            to.replication.onFrame(owner.id(), frame, world.moment());
            world.run(Duration.ofMillis(40));
        }
    }

    private static void drainRumours(World.Host of) {
        while (of.replication.rumours().size() > 0) {
            of.replication.rumours().take(new ContentRumours.Round(), 10_000, 2);
        }
    }

    private static Pull whole(NodeId id) {
        return new Pull(id, 0, 0, true);
    }
}
