package io.culvert.gossip.replication;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.FrameType;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.MalformedFrame.Reason;
import io.culvert.gossip.wire.WireReader;
import io.culvert.gossip.wire.WireWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One word about content. Arrays inside are shared and never changed. */
public sealed interface ReplicationFrame permits Announcement, Pull {
    FrameType type();

    /** Appends the body. */
    WireWriter write(WireWriter writer);

    /** This word as the frame that carries it in a packet or a stream. */
    default Frame.Content frame() {
        return new Frame.Content(type(), write(new WireWriter(160)).toBytes());
    }

    /** The owner that an announcement is about, which comes first in its body; null when there is none. */
    static @Nullable NodeId ownerOf(Frame.Content frame) {
        if (frame.type() == FrameType.PULL || frame.body().length < NodeId.BYTES) {
            return null;
        }
        return NodeId.of(Arrays.copyOf(frame.body(), NodeId.BYTES));
    }

    /** Reads any body. */
    static ReplicationFrame read(Frame.Content frame) throws MalformedFrame {
        WireReader reader = WireReader.of(frame.body());
        ReplicationFrame read = switch (frame.type()) {
            case HEAD -> Head.read(reader);
            case DELTA -> Delta.read(reader);
            case PULL -> Pull.read(reader);
            case REPAIR -> Repair.read(reader);
            default -> throw new MalformedFrame(Reason.UNKNOWN_KIND, "frame type");
        };
        reader.end("frame");
        return read;
    }
}
