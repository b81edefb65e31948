package io.culvert.gossip.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PullsTest {
    private static final NodeId PEER = new NodeId(1, 1);
    private static final NodeId OTHER = new NodeId(2, 2);
    private static final long SECOND = 1_000_000_000L;

    private final List<String> asked = new ArrayList<>();
    private final Pulls pulls = new Pulls(ReplicationSettings.DEFAULT, new Asked());

    /** Notes whom was asked, and by what way. */
    private final class Asked implements ReplicationPort {
        @Override
        public void send(NodeId to, Frame.Content frame) {
            asked.add("datagram " + to.low());
        }

        @Override
        public void pullByStream(NodeId from, Pull pull) {
            asked.add("stream " + from.low());
        }

        @Override
        public void pullFromAnother(NodeId except, Pull pull) {
            asked.add("another than " + except.low());
        }

        @Override
        public void verify(long ticket, Head head, PublicKeyBytes key) {
            throw new AssertionError("nothing to be verified");
        }

        @Override
        public void changed(NodeContent content, boolean member) {
            throw new AssertionError("nothing changes");
        }

        @Override
        public void forgotten(NodeId owner) {
            throw new AssertionError("nobody is forgotten");
        }

        @Override
        public void noticed(ReplicationNotice notice) {
            throw new AssertionError(notice.toString());
        }

        @Override
        public void ownEpochSeen(long epoch) {
            throw new AssertionError("nobody spoke of us");
        }
    }

    private static Pull pull(int owner) {
        return new Pull(new NodeId(9, owner), 0, 0, false);
    }

    @Test
    void a_peer_that_did_not_know_our_session_is_asked_once_more() {
        pulls.ask(PEER, pull(1), 0);
        pulls.ask(OTHER, pull(2), 0);

        pulls.repeat(PEER);
        pulls.repeat(PEER);

        assertThat(asked).containsExactly("datagram 1", "datagram 2", "datagram 1");
    }

    @Test
    void what_is_asked_over_a_stream_is_not_repeated_by_datagram() {
        pulls.ask(PEER, pull(1), 0);
        pulls.onTick(10 * SECOND);
        pulls.repeat(PEER);

        assertThat(asked).containsExactly("datagram 1", "stream 1");
    }

    @Test
    void what_was_answered_is_not_asked_again() {
        pulls.ask(PEER, pull(1), 0);
        pulls.done(pull(1).owner());
        pulls.repeat(PEER);

        assertThat(asked).containsExactly("datagram 1");
    }
}
