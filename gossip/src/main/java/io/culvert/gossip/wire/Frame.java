package io.culvert.gossip.wire;

import io.culvert.catalog.NodeId;
import java.util.List;

/** One word of the protocol. Arrays inside are shared and never changed. */
public sealed interface Frame
        permits Frame.Ping,
                Frame.Ack,
                Frame.PingRequest,
                Frame.Nack,
                Alive,
                Left,
                Frame.Suspect,
                Frame.Dead,
                Frame.Forget,
                Frame.Content,
                SyncFrame {
    FrameType type();

    /** Length of the body in bytes, without the header. */
    int bodyLength();

    void writeBody(WireWriter out);

    /** Length on the wire, header included. */
    default int length() {
        return FrameType.HEADER_BYTES + bodyLength();
    }

    /** A word about one member's life, spread by gossip until everybody has heard it. */
    sealed interface Rumour permits Alive, Left, Accusation {
        NodeId about();

        Incarnation incarnation();

        /** This rumour as the frame it travels in. */
        Frame frame();
    }

    /** An unsigned word by one member against another; 46 bytes. */
    sealed interface Accusation extends Rumour permits Suspect, Dead, Forget {
        NodeId accuser();
    }

    /**
     * Are you there? Names its target, so that a host that took over an address stays silent.
     *
     * @param targetIncarnation the number the sender knows; a target that is further on says so
     */
    record Ping(long nonce, NodeId target, long targetIncarnation, long memberRoot, long contentRoot) implements Frame {
        static Ping read(WireReader in) throws MalformedFrame {
            return new Ping(
                    in.u64("nonce"),
                    WireFields.id(in, "target"),
                    in.u64("incarnation"),
                    in.u64("member root"),
                    in.u64("content root"));
        }

        @Override
        public FrameType type() {
            return FrameType.PING;
        }

        @Override
        public int bodyLength() {
            return 48;
        }

        @Override
        public void writeBody(WireWriter out) {
            WireFields.id(out.u64(nonce), target)
                    .u64(targetIncarnation)
                    .u64(memberRoot)
                    .u64(contentRoot);
        }
    }

    /** I am here; sent by the target, or handed on by a helper under the asker's own nonce. */
    record Ack(long nonce, NodeId responder, long incarnation, long memberRoot, long contentRoot, Coordinate coordinate)
            implements Frame {
        static Ack read(WireReader in) throws MalformedFrame {
            return new Ack(
                    in.u64("nonce"),
                    WireFields.id(in, "responder"),
                    in.u64("incarnation"),
                    in.u64("member root"),
                    in.u64("content root"),
                    Coordinate.read(in));
        }

        /** The same answer for another asker. */
        public Ack under(long otherNonce) {
            return new Ack(otherNonce, responder, incarnation, memberRoot, contentRoot, coordinate);
        }

        @Override
        public FrameType type() {
            return FrameType.ACK;
        }

        @Override
        public int bodyLength() {
            return 48 + Coordinate.BYTES;
        }

        @Override
        public void writeBody(WireWriter out) {
            WireFields.id(out.u64(nonce), responder)
                    .u64(incarnation)
                    .u64(memberRoot)
                    .u64(contentRoot);
            coordinate.write(out);
        }
    }

    /** Ping that member for me. Carries no address: a helper uses its own table, so nobody can be made to scan. */
    record PingRequest(long nonce, NodeId target, int deadlineMillis) implements Frame {
        static PingRequest read(WireReader in) throws MalformedFrame {
            return new PingRequest(in.u64("nonce"), WireFields.id(in, "target"), in.u16("deadline"));
        }

        @Override
        public FrameType type() {
            return FrameType.PING_REQUEST;
        }

        @Override
        public int bodyLength() {
            return 26;
        }

        @Override
        public void writeBody(WireWriter out) {
            WireFields.id(out.u64(nonce), target).u16(deadlineMillis);
        }
    }

    /** I, the helper, am well, but the target did not answer me. */
    record Nack(long nonce) implements Frame {
        static Nack read(WireReader in) throws MalformedFrame {
            return new Nack(in.u64("nonce"));
        }

        @Override
        public FrameType type() {
            return FrameType.NACK;
        }

        @Override
        public int bodyLength() {
            return 8;
        }

        @Override
        public void writeBody(WireWriter out) {
            out.u64(nonce);
        }
    }

    /** {@code accuser} got no answer from {@code about}. */
    record Suspect(NodeId about, Incarnation incarnation, NodeId accuser) implements Frame, Accusation {
        static Suspect read(WireReader in) throws MalformedFrame {
            return new Suspect(WireFields.id(in, "member"), WireFields.incarnation(in), WireFields.id(in, "accuser"));
        }

        @Override
        public Frame frame() {
            return this;
        }

        @Override
        public FrameType type() {
            return FrameType.SUSPECT;
        }

        @Override
        public int bodyLength() {
            return 46;
        }

        @Override
        public void writeBody(WireWriter out) {
            WireFields.id(WireFields.incarnation(WireFields.id(out, about), incarnation), accuser);
        }
    }

    /** {@code about} did not refute in time. */
    record Dead(NodeId about, Incarnation incarnation, NodeId accuser) implements Frame, Accusation {
        static Dead read(WireReader in) throws MalformedFrame {
            return new Dead(WireFields.id(in, "member"), WireFields.incarnation(in), WireFields.id(in, "accuser"));
        }

        @Override
        public Frame frame() {
            return this;
        }

        @Override
        public FrameType type() {
            return FrameType.DEAD;
        }

        @Override
        public int bodyLength() {
            return 46;
        }

        @Override
        public void writeBody(WireWriter out) {
            WireFields.id(WireFields.incarnation(WireFields.id(out, about), incarnation), accuser);
        }
    }

    /** An operator at {@code accuser} says that the dead {@code about} will not come back. Moves only the dead. */
    record Forget(NodeId about, Incarnation incarnation, NodeId accuser) implements Frame, Accusation {
        static Forget read(WireReader in) throws MalformedFrame {
            return new Forget(WireFields.id(in, "member"), WireFields.incarnation(in), WireFields.id(in, "accuser"));
        }

        @Override
        public Frame frame() {
            return this;
        }

        @Override
        public FrameType type() {
            return FrameType.FORGET;
        }

        @Override
        public int bodyLength() {
            return 46;
        }

        @Override
        public void writeBody(WireWriter out) {
            WireFields.id(WireFields.incarnation(WireFields.id(out, about), incarnation), accuser);
        }
    }

    /** A frame of the replication machine, whose body only that machine reads. */
    record Content(FrameType type, byte[] body) implements Frame {
        public Content {
            if (!type.isContent()) {
                throw new IllegalArgumentException("not a content frame: " + type);
            }
        }

        @Override
        public int bodyLength() {
            return body.length;
        }

        @Override
        public void writeBody(WireWriter out) {
            out.bytes(body);
        }
    }

    /** The length on the wire of all of {@code frames}. */
    static int length(List<? extends Frame> frames) {
        int sum = 0;
        for (Frame frame : frames) {
            sum += frame.length();
        }
        return sum;
    }
}
