package io.culvert.gossip.wire;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeId;
import java.util.Arrays;

/** The fields that several frames share. */
final class WireFields {
    static final int ID_BYTES = NodeId.BYTES;
    static final int INCARNATION_BYTES = 14;
    static final int ADDRESS_BYTES = 18;

    // RFC 4291 section 2.5.5.2: how an IPv4 address is written where 16 bytes are wanted.
    private static final byte[] IPV4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    private WireFields() {}

    static NodeId id(WireReader in, String field) throws MalformedFrame {
        return new NodeId(in.u64(field), in.u64(field));
    }

    static WireWriter id(WireWriter out, NodeId id) {
        return out.u64(id.high()).u64(id.low());
    }

    static Incarnation incarnation(WireReader in) throws MalformedFrame {
        return new Incarnation(in.u48("epoch"), in.u64("incarnation"));
    }

    static WireWriter incarnation(WireWriter out, Incarnation incarnation) {
        return out.u48(incarnation.epoch()).u64(incarnation.number());
    }

    static PeerAddress address(WireReader in) throws MalformedFrame {
        byte[] sixteen = in.bytes(16, "address");
        boolean mapped = Arrays.equals(sixteen, 0, IPV4_MAPPED.length, IPV4_MAPPED, 0, IPV4_MAPPED.length);
        IpAddress ip = IpAddress.of(mapped ? Arrays.copyOfRange(sixteen, IPV4_MAPPED.length, 16) : sixteen);
        return new PeerAddress(ip, in.u16("port"));
    }

    static WireWriter address(WireWriter out, PeerAddress address) {
        byte[] ip = address.ip().bytes();
        if (ip.length != 16) {
            out.bytes(IPV4_MAPPED);
        }
        return out.bytes(ip).u16(address.port());
    }
}
