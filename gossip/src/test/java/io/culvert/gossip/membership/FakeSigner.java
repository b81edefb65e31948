package io.culvert.gossip.membership;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Left;
import io.culvert.gossip.wire.PeerAddress;

/** A member that signs nothing: verdicts are given by the test. Its epoch is 50, its address 10.0.0.1 + number. */
public record FakeSigner(int number) implements Signer {
    public static final long EPOCH = 50;

    @Override
    public PublicKeyBytes publicKey() {
        byte[] bytes = new byte[PublicKeyBytes.BYTES];
        bytes[0] = (byte) number;
        bytes[1] = 1;
        bytes[2] = (byte) (number >> 8);
        bytes[3] = (byte) (number >> 16);
        return PublicKeyBytes.of(bytes);
    }

    @Override
    public byte[] sign(SignatureDomain domain, byte[] message) {
        return new byte[PublicKeyBytes.SIGNATURE_BYTES];
    }

    public NodeId id() {
        return publicKey().id();
    }

    public PeerAddress address() {
        return new PeerAddress(IpAddress.ofIpv4(0x0a000001 + number), 8301);
    }

    public Alive alive(long incarnation) {
        return alive(new Incarnation(EPOCH, incarnation));
    }

    public Alive alive(Incarnation incarnation) {
        return aliveAt(address(), incarnation);
    }

    public Alive aliveAt(PeerAddress where, Incarnation incarnation) {
        return new Alive(id(), incarnation, where, 8443, 0, publicKey(), new byte[PublicKeyBytes.SIGNATURE_BYTES]);
    }

    public Left left(long incarnation) {
        return new Left(id(), new Incarnation(EPOCH, incarnation), new byte[PublicKeyBytes.SIGNATURE_BYTES]);
    }
}
