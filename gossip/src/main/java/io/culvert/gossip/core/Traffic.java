package io.culvert.gossip.core;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.FrameType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What is said and heard, by type of frame: bytes with frame headers, without envelopes. */
final class Traffic {
    private final long[] sent = new long[FrameType.values().length];
    private final long[] received = new long[FrameType.values().length];

    void sent(List<? extends Frame> frames) {
        count(frames, sent);
    }

    void received(List<? extends Frame> frames) {
        count(frames, received);
    }

    private static void count(List<? extends Frame> frames, long[] bytes) {
        for (Frame frame : frames) {
            bytes[frame.type().ordinal()] += frame.length();
        }
    }

    /** {@code dialogue}, with everything that is said in it counted. */
    Dialogue counting(Dialogue dialogue) {
        return new Dialogue() {
            @Override
            public List<Frame> opening(NodeId peer, long now) {
                List<Frame> frames = dialogue.opening(peer, now);
                sent(frames);
                return frames;
            }

            @Override
            public Answer onMessage(List<Frame> frames, NodeId peer, long now) {
                received(frames);
                return counted(dialogue.onMessage(frames, peer, now));
            }

            @Override
            public Answer onResume(NodeId peer, long now) {
                return counted(dialogue.onResume(peer, now));
            }

            @Override
            public void onEnded(boolean complete) {
                dialogue.onEnded(complete);
            }
        };
    }

    private Dialogue.Answer counted(Dialogue.Answer answer) {
        sent(answer.frames());
        return answer;
    }

    /** Since the start. */
    Map<FrameType, GossipLoad.Bytes> totals() {
        Map<FrameType, GossipLoad.Bytes> totals = new EnumMap<>(FrameType.class);
        for (FrameType type : FrameType.values()) {
            totals.put(type, new GossipLoad.Bytes(sent[type.ordinal()], received[type.ordinal()]));
        }
        return totals;
    }
}
