package io.culvert.gossip.replication;

import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.PacketCodec;
import java.util.List;

/** Whole comparisons over a stream that loses nothing, through the real codec. */
final class Comparisons {
    private Comparisons() {}

    /** What a comparison cost. */
    record Cost(int rounds, int bytes) {}

    /** {@code asker} learns from {@code peer} what fits into the room that it has for verification now. */
    static Cost run(World.Host asker, World.Host peer, Moment now) {
        AntiEntropyClient client = new AntiEntropyClient(asker.replication, peer.id());
        AntiEntropyServer server = new AntiEntropyServer(peer.replication);
        int rounds = 0;
        int bytes = 0;
        for (List<Frame> question = client.next(); !question.isEmpty(); question = client.next()) {
            rounds++;
            List<Frame> answer = server.answer(overTheWire(question));
            bytes += Frame.length(question) + Frame.length(answer);
            overTheWire(answer).forEach(frame -> client.onFrame(frame, now));
            if (rounds > 1_000) {
                throw new AssertionError("a comparison without end");
            }
        }
        return new Cost(rounds, bytes);
    }

    private static List<Frame> overTheWire(List<Frame> frames) {
        try {
            return PacketCodec.decode(PacketCodec.encode(frames));
        } catch (MalformedFrame unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
