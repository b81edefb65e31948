package io.culvert.gossip.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * Lists of frames as bytes: the plain text of a datagram or of one stream message. A frame is {@code type u8, length
 * u16, body}; a length of 0xFFFF means that the real one follows in 32 bits, which only streams have room for.
 */
public final class PacketCodec {
    private static final int LONG_LENGTH = 0xffff;

    private PacketCodec() {}

    public static byte[] encode(List<? extends Frame> frames) {
        WireWriter out = new WireWriter(Math.max(64, Frame.length(frames)));
        for (Frame frame : frames) {
            int length = frame.bodyLength();
            out.u8(frame.type().code());
            if (length < LONG_LENGTH) {
                out.u16(length);
            } else {
                out.u16(LONG_LENGTH).u32(length);
            }
            int bodyAt = out.length();
            frame.writeBody(out);
            if (out.length() - bodyAt != length) {
                throw new IllegalStateException(
                        frame.type() + " wrote " + (out.length() - bodyAt) + " bytes, said " + length);
            }
        }
        return out.toBytes();
    }

    /** Reads every frame of a known type; one broken frame condemns the whole message. */
    public static List<Frame> decode(byte[] message) throws MalformedFrame {
        WireReader in = WireReader.of(message);
        List<Frame> frames = new ArrayList<>(4);
        while (in.remaining() > 0) {
            FrameType type = FrameType.of(in.u8("type"));
            int length = in.u16("length");
            if (length == LONG_LENGTH) {
                length = longLength(in);
            }
            WireReader body = in.slice(length, "body");
            if (type != null) {
                Frame frame = read(type, body);
                body.end("frame");
                frames.add(frame);
            }
        }
        return frames;
    }

    private static int longLength(WireReader in) throws MalformedFrame {
        long length = in.u32("long length");
        if (length > in.remaining()) {
            throw new MalformedFrame(MalformedFrame.Reason.TRUNCATED, "body");
        }
        return (int) length;
    }

    private static Frame read(FrameType type, WireReader in) throws MalformedFrame {
        return switch (type) {
            case PING -> Frame.Ping.read(in);
            case ACK -> Frame.Ack.read(in);
            case PING_REQUEST -> Frame.PingRequest.read(in);
            case NACK -> Frame.Nack.read(in);
            case ALIVE -> Alive.read(in);
            case LEFT -> Left.read(in);
            case SUSPECT -> Frame.Suspect.read(in);
            case DEAD -> Frame.Dead.read(in);
            case FORGET -> Frame.Forget.read(in);
            case HEAD, DELTA, PULL, REPAIR -> new Frame.Content(type, in.bytes(in.remaining(), "body"));
            case SYNC_REQUEST -> SyncFrame.Request.read(in);
            case MEMBER_DIGEST -> SyncFrame.MemberDigest.read(in);
            case MEMBER_WANT -> SyncFrame.MemberWant.read(in);
            case COORDINATE_WANT -> SyncFrame.CoordinateWant.read(in);
            case COORDINATES -> SyncFrame.Coordinates.read(in);
            case CONTENT_DIGEST -> SyncFrame.ContentDigest.read(in);
            case TREE_QUERY -> TreeQuery.read(in);
            case TREE_SUMS -> TreeSums.read(in);
            case SYNC_DONE -> new SyncFrame.Done();
            case BUSY -> new SyncFrame.Busy();
        };
    }
}
