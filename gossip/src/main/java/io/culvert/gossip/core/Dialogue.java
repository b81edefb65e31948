package io.culvert.gossip.core;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import java.util.List;

/** One side of one conversation over a stream. */
interface Dialogue {
    /** What to say first, once the stream has keys. */
    List<Frame> opening(NodeId peer, long now);

    /** One whole message of the peer, and what to answer. */
    Answer onMessage(List<Frame> frames, NodeId peer, long now);

    /** Called a little after an answer that asked for it: what came has to be checked before more is worth having. */
    default Answer onResume(NodeId peer, long now) {
        return Answer.NOTHING;
    }

    /** Called once: the conversation came to its end, or was cut. */
    void onEnded(boolean complete);

    /** What this side says, and what comes then. */
    record Answer(List<Frame> frames, Then then) {
        static final Answer NOTHING = new Answer(List.of(), Then.LISTEN);
        static final Answer END = new Answer(List.of(), Then.END);
        static final Answer LATER = new Answer(List.of(), Then.RESUME);

        static Answer of(List<Frame> frames) {
            return new Answer(frames, Then.LISTEN);
        }
    }

    /** How a conversation goes on. */
    enum Then {
        LISTEN,
        RESUME,
        END
    }
}
