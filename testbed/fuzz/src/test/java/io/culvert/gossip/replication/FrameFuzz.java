package io.culvert.gossip.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.FrameType;
import io.culvert.gossip.wire.MalformedFrame;

/** What holds for every frame about content: read exactly or refused by name, and harmless to the state of an owner. */
final class FrameFuzz {
    private FrameFuzz() {}

    static void check(FrameType type, byte[] body) {
        try {
            ReplicationFrame frame = ReplicationFrame.read(new Frame.Content(type, body));
            assertThat(frame.frame().body()).isEqualTo(body);
            if (frame instanceof Announcement announcement) {
                offer(announcement);
            }
        } catch (MalformedFrame named) {
            assertThat(named.field()).isNotEmpty();
        }
    }

    /** As if the head had proved authentic: the records must still be those that it was signed for. */
    private static void offer(Announcement announcement) {
        OwnerState state = new OwnerState(new NodeId(1, 1), 0);
        OwnerState.Outcome outcome = state.offer(announcement);
        Head held = state.head();
        assertThat(held != null).isEqualTo(outcome.isProgress());
        if (held != null) {
            assertThat(state.set().isThatOf(held)).isTrue();
            assertThat(state.set().isWithinLimits()).isTrue();
        }
        assertThat(state.offer(announcement).isProgress()).isFalse();
    }
}
