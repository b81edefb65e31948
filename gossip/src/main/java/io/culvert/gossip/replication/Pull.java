package io.culvert.gossip.replication;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.FrameType;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.WireReader;
import io.culvert.gossip.wire.WireWriter;

/**
 * Asks for what is newer than (epoch, version) of an owner. Answered by a {@link Repair}, by a {@link Head} alone when the
 * repair is too long for a datagram, or not at all when the asked one knows nothing newer.
 *
 * @param whole all records are wanted, also those that seem to be known
 */
public record Pull(NodeId owner, long epoch, long version, boolean whole) implements ReplicationFrame {
    static Pull read(WireReader reader) throws MalformedFrame {
        NodeId owner = new NodeId(reader.u64("owner"), reader.u64("owner"));
        return new Pull(
                owner, reader.u48("epoch"), reader.varint(ContentLimits.VERSION, "version"), reader.flag("whole"));
    }

    @Override
    public FrameType type() {
        return FrameType.PULL;
    }

    @Override
    public WireWriter write(WireWriter writer) {
        return writer.bytes(owner.bytes()).u48(epoch).varint(version).flag(whole);
    }
}
