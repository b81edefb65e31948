package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.PeerAddress;
import org.junit.jupiter.api.Test;

class RumourQueueTest {
    private static final int PLENTY = 10_000;
    private static final NodeId MEMBER = new NodeId(1, 1);
    private static final NodeId ACCUSER = new NodeId(2, 2);

    private final RumourQueue queue = new RumourQueue();

    private static Alive alive(long number) {
        return new Alive(
                MEMBER,
                new Incarnation(9, number),
                new PeerAddress(IpAddress.parse("10.0.0.1"), 8301),
                8443,
                0,
                PublicKeyBytes.of(new byte[PublicKeyBytes.BYTES]),
                new byte[PublicKeyBytes.SIGNATURE_BYTES]);
    }

    private static Frame.Suspect suspect(long number) {
        return new Frame.Suspect(MEMBER, new Incarnation(9, number), ACCUSER);
    }

    @Test
    void an_accusation_does_not_keep_the_word_from_being_told_that_it_accuses() {
        queue.add(alive(4), 0);
        queue.add(suspect(4), 0);
        assertThat(queue.take(PLENTY, 3)).containsExactlyInAnyOrder(alive(4), suspect(4));
    }

    @Test
    void a_newer_word_replaces_the_older_and_what_was_said_against_it() {
        queue.add(alive(4), 0);
        queue.add(suspect(4), 0);
        queue.add(alive(5), 0);
        assertThat(queue.take(PLENTY, 3)).containsExactly(alive(5));
    }

    @Test
    void an_accusation_of_a_newer_incarnation_leaves_nothing_to_say_of_the_older() {
        queue.add(alive(4), 0);
        queue.add(suspect(5), 0);
        assertThat(queue.take(PLENTY, 3)).containsExactly(suspect(5));
    }

    @Test
    void a_rumour_is_told_so_many_times_and_then_gone() {
        queue.add(alive(1), 0);
        assertThat(queue.take(PLENTY, 2)).hasSize(1);
        assertThat(queue.contains(MEMBER)).isTrue();
        assertThat(queue.take(PLENTY, 2)).hasSize(1);
        assertThat(queue.contains(MEMBER)).isFalse();
        assertThat(queue.take(PLENTY, 2)).isEmpty();
    }
}
