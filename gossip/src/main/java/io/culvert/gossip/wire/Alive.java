package io.culvert.gossip.wire;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import java.util.Arrays;

/**
 * A member's own word that it lives, where, and in which incarnation; 148 bytes. Self-certifying: the id is the hash of
 * the key and the key signs the rest, so any peer may hand it on and none can change it.
 *
 * @param tunnelPort of its TLS port, for everything agent to agent
 * @param flags bit 0: carries the role of a server; bits 12 to 15: protocol version
 */
public record Alive(
        NodeId about,
        Incarnation incarnation,
        PeerAddress address,
        int tunnelPort,
        int flags,
        PublicKeyBytes publicKey,
        byte[] signature)
        implements Frame, Frame.Rumour {
    public static final int FLAG_SERVER = 1;
    /** Version 1 of the protocol, in the upper four bits. */
    public static final int VERSION_FLAGS = 1 << 12;

    private static final int SIGNED_BYTES = WireFields.ID_BYTES
            + WireFields.INCARNATION_BYTES
            + WireFields.ADDRESS_BYTES
            + 2
            + 2
            + PublicKeyBytes.BYTES;

    static Alive read(WireReader in) throws MalformedFrame {
        return new Alive(
                WireFields.id(in, "member"),
                WireFields.incarnation(in),
                WireFields.address(in),
                in.u16("tunnel port"),
                in.u16("flags"),
                PublicKeyBytes.of(in.bytes(PublicKeyBytes.BYTES, "public key")),
                in.bytes(PublicKeyBytes.SIGNATURE_BYTES, "signature"));
    }

    public Alive signed(byte[] newSignature) {
        return new Alive(about, incarnation, address, tunnelPort, flags, publicKey, newSignature);
    }

    public boolean isServer() {
        return (flags & FLAG_SERVER) != 0;
    }

    /** What the signature covers: every field before it. */
    public byte[] signedBytes() {
        WireWriter out = new WireWriter(SIGNED_BYTES);
        writeSigned(out);
        return out.toBytes();
    }

    /** Whether the key is the one that the id is made from; without this the signature proves nothing. */
    public boolean isSelfConsistent() {
        return publicKey.id().equals(about);
    }

    @Override
    public Frame frame() {
        return this;
    }

    @Override
    public FrameType type() {
        return FrameType.ALIVE;
    }

    @Override
    public int bodyLength() {
        return SIGNED_BYTES + PublicKeyBytes.SIGNATURE_BYTES;
    }

    @Override
    public void writeBody(WireWriter out) {
        writeSigned(out);
        out.bytes(signature);
    }

    private void writeSigned(WireWriter out) {
        WireFields.address(WireFields.incarnation(WireFields.id(out, about), incarnation), address);
        out.u16(tunnelPort).u16(flags).bytes(publicKey.bytes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Alive that
                && about.equals(that.about)
                && incarnation.equals(that.incarnation)
                && address.equals(that.address)
                && tunnelPort == that.tunnelPort
                && flags == that.flags
                && publicKey.equals(that.publicKey)
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * about.hashCode() + Arrays.hashCode(signature);
    }

    @Override
    public String toString() {
        return "ALIVE " + about + " " + incarnation + " at " + address;
    }
}
