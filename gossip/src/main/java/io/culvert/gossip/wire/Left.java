package io.culvert.gossip.wire;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import java.util.Arrays;

/** A member's own goodbye; 94 bytes. Signed, so that nobody can be made to leave by another. */
public record Left(NodeId about, Incarnation incarnation, byte[] signature) implements Frame, Frame.Rumour {
    static Left read(WireReader in) throws MalformedFrame {
        return new Left(
                WireFields.id(in, "member"),
                WireFields.incarnation(in),
                in.bytes(PublicKeyBytes.SIGNATURE_BYTES, "signature"));
    }

    public Left signed(byte[] newSignature) {
        return new Left(about, incarnation, newSignature);
    }

    /** What the signature covers: every field before it. */
    public byte[] signedBytes() {
        WireWriter out = new WireWriter(WireFields.ID_BYTES + WireFields.INCARNATION_BYTES);
        return WireFields.incarnation(WireFields.id(out, about), incarnation).toBytes();
    }

    @Override
    public Frame frame() {
        return this;
    }

    @Override
    public FrameType type() {
        return FrameType.LEFT;
    }

    @Override
    public int bodyLength() {
        return WireFields.ID_BYTES + WireFields.INCARNATION_BYTES + PublicKeyBytes.SIGNATURE_BYTES;
    }

    @Override
    public void writeBody(WireWriter out) {
        WireFields.incarnation(WireFields.id(out, about), incarnation).bytes(signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Left that
                && about.equals(that.about)
                && incarnation.equals(that.incarnation)
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * about.hashCode() + Arrays.hashCode(signature);
    }

    @Override
    public String toString() {
        return "LEFT " + about + " " + incarnation;
    }
}
