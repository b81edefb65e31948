package io.culvert.gossip.replication;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.Weights;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.testbed.kit.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnRecordsTest {
    private static final int DATAGRAM = 1_197;

    private final FakeKey key = FakeKey.random(new SplittableRandom(1));
    private final NodeContent content = Contents.of(key.id(), 3, CheckStatus.PASSING);
    private final OwnRecords records = records(key, 100);

    @Test
    void the_first_publication_is_announced_by_its_head_alone() throws Exception {
        Announcement first = requireNonNull(records.publish(content, at(0)));

        assertThat(first).isInstanceOf(Head.class);
        assertThat(first.head().version()).isEqualTo(1);
        assertThat(first.head().count()).isEqualTo(7);
        assertThat(first.head().epoch()).isEqualTo(100);
    }

    @Test
    void publishing_the_same_again_is_no_news() throws Exception {
        records.publish(content, at(0));

        assertThat(records.publish(content, at(1))).isNull();
    }

    @Test
    void a_flip_of_a_check_is_a_status_and_not_a_record() throws Exception {
        records.publish(content, at(0));

        Delta flip = (Delta)
                requireNonNull(records.publish(Contents.withStatus(content, 1, CheckStatus.CRITICAL), at(10_000)));

        assertThat(flip.previousVersion()).isEqualTo(1);
        assertThat(flip.changes())
                .singleElement()
                .isInstanceOfSatisfying(
                        Delta.StatusFlip.class,
                        change -> assertThat(change.status()).isEqualTo(CheckStatus.CRITICAL));
        assertThat(records.tookAway()).isTrue();
    }

    @Test
    void changes_of_the_last_two_seconds_are_repeated_and_older_ones_are_not() throws Exception {
        records.publish(content, at(0));
        NodeContent second = Contents.withStatus(content, 0, CheckStatus.WARNING);
        records.publish(second, at(5_000));
        NodeContent third = Contents.withStatus(second, 1, CheckStatus.WARNING);
        Delta soon = (Delta) requireNonNull(records.publish(third, at(6_000)));
        NodeContent fourth = Contents.withStatus(third, 2, CheckStatus.WARNING);
        Delta later = (Delta) requireNonNull(records.publish(fourth, at(7_500)));

        assertThat(soon.changes()).hasSize(2);
        assertThat(soon.previousVersion()).isEqualTo(1);
        assertThat(later.changes()).hasSize(2);
        assertThat(later.previousVersion()).isEqualTo(2);
    }

    @Test
    void a_restarted_owner_with_the_same_services_has_the_same_hash_in_any_order() throws Exception {
        records.publish(content, at(0));
        List<ServiceInstance> reversed = new ArrayList<>(content.services());
        Collections.reverse(reversed);
        OwnRecords restarted = records(key, 101);

        Announcement first =
                requireNonNull(restarted.publish(new NodeContent(content.node(), reversed, content.checks()), at(0)));

        assertThat(first.head().setHash()).isEqualTo(head(records).setHash());
        assertThat(first.head().isNewerThan(head(records))).isTrue();
    }

    @Test
    void a_record_keeps_its_slot_while_others_come_and_go() {
        Property.forSeeds(100, random -> {
            OwnRecords owner = records(key, 1);
            NodeContent current = content;
            Map<String, Integer> before = Map.of();
            for (int i = 0; i < 30; i++) {
                current = Contents.mutated(current, random);
                publish(owner, current, i * 700L);
                Map<String, Integer> now = slotsById(owner);
                before.forEach(
                        (id, slot) -> assertThat(now.getOrDefault(id, slot)).isEqualTo(slot));
                before = now;
            }
        });
    }

    @Test
    void a_change_too_long_for_a_datagram_is_announced_by_its_head() throws Exception {
        records.publish(content, at(0));

        Announcement many = requireNonNull(records.publish(Contents.of(key.id(), 100, CheckStatus.PASSING), at(10)));

        assertThat(many).isInstanceOf(Head.class);
        assertThat(many.head().version()).isEqualTo(2);
    }

    @Test
    void signing_again_is_a_version_of_its_own_with_the_same_hash() throws Exception {
        records.publish(content, at(0));
        Head before = head(records);

        Announcement again = records.signAgain(new Moment(21_600_000_000_000L, 21_600));

        assertThat(again.head().setHash()).isEqualTo(before.setHash());
        assertThat(again.head().version()).isEqualTo(2);
        assertThat(again.head().stampHours()).isEqualTo(before.stampHours() + 6);
    }

    @Test
    void a_later_epoch_starts_again_at_one_and_never_goes_back() throws Exception {
        records.publish(content, at(0));
        records.publish(Contents.withStatus(content, 0, CheckStatus.WARNING), at(1));

        Announcement adopted = requireNonNull(records.adoptEpoch(500, at(2)));

        assertThat(adopted).isInstanceOf(Head.class);
        assertThat(adopted.head().epoch()).isEqualTo(500);
        assertThat(adopted.head().version()).isEqualTo(1);
        assertThatThrownBy(() -> records.adoptEpoch(500, at(3))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void more_than_the_pool_carries_is_refused_by_name_and_nothing_is_published() throws Exception {
        records.publish(content, at(0));
        Head before = head(records);
        ServiceInstance huge = new ServiceInstance(
                "huge",
                new ServiceName("huge"),
                List.of("x".repeat(4_097)),
                Map.of(),
                "",
                1,
                "",
                Map.of(),
                Weights.DEFAULT,
                false,
                false,
                0);

        assertThatThrownBy(() -> records.publish(new NodeContent(content.node(), List.of(huge), List.of()), at(1)))
                .isInstanceOf(ContentRefused.class)
                .hasMessage("service 'huge': tag: TOO_LARGE; nothing was published");
        assertThatThrownBy(() -> records.publish(
                        new NodeContent(
                                content.node(),
                                List.of(
                                        content.services().get(0),
                                        content.services().get(0)),
                                List.of()),
                        at(1)))
                .isInstanceOf(ContentRefused.class)
                .hasMessageContaining("the id is there twice");
        assertThatThrownBy(() -> records.publish(Contents.of(key.id(), 2_048, CheckStatus.PASSING), at(1)))
                .isInstanceOf(ContentRefused.class)
                .hasMessageContaining("4096 records");
        assertThat(head(records)).isEqualTo(before);
    }

    @Test
    void whoever_holds_any_repeated_version_reaches_the_newest_by_one_announcement() {
        Property.forSeeds(150, random -> {
            OwnRecords owner = records(key, 1);
            NodeContent current = content;
            publish(owner, current, 0);
            long millis = 0;
            List<Repair> states = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                states.add(whole(owner));
                current = Contents.mutated(current, random);
                millis += random.nextInt(1_200);
                Announcement news = publish(owner, current, millis);
                if (news instanceof Delta delta) {
                    for (Repair state : states) {
                        if (state.head().version() >= delta.previousVersion()) {
                            OwnerState receiver = new OwnerState(key.id(), 0);
                            assertThat(receiver.offer(state)).isEqualTo(OwnerState.Outcome.APPLIED);
                            assertThat(receiver.offer(delta).isProgress()).isTrue();
                            assertThat(receiver.set().hash())
                                    .isEqualTo(owner.set().hash());
                        }
                    }
                }
            }
        });
    }

    private static Repair whole(OwnRecords owner) {
        return new Repair(
                head(owner),
                owner.key(),
                List.copyOf(owner.set().slots().keySet()),
                owner.set().changedSince(0));
    }

    private static @Nullable Announcement publish(OwnRecords owner, NodeContent content, long millis) {
        try {
            return owner.publish(content, at(millis));
        } catch (ContentRefused unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private static Map<String, Integer> slotsById(OwnRecords owner) {
        return owner.set().slots().entrySet().stream()
                .collect(Collectors.toMap(entry -> name(entry.getValue().body()), Map.Entry::getKey));
    }

    private static String name(byte[] body) {
        try {
            ContentRecord record = RecordCodec.decode(body);
            if (record instanceof ContentRecord.OfService service) {
                return "service " + service.service().id();
            }
            return record instanceof ContentRecord.OfCheck check
                    ? "check " + check.check().id()
                    : "node";
        } catch (MalformedFrame unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private static Head head(OwnRecords owner) {
        return requireNonNull(owner.head());
    }

    private static OwnRecords records(FakeKey key, long epoch) {
        return new OwnRecords(key.id(), key, epoch, DATAGRAM);
    }

    private static Moment at(long millis) {
        return new Moment(millis * 1_000_000, millis / 1_000);
    }
}
