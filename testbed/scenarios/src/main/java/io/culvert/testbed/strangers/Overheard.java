package io.culvert.testbed.strangers;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads what {@code socat -u INTERFACE:eth0} wrote: Ethernet frames one after the other, without anything between. */
public final class Overheard {
    private static final int ETHERNET = 14;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int ARP = 0x0806;
    private static final int ARP_BYTES = 28;
    private static final int IPV6_HEADER = 40;
    private static final int UDP = 17;
    private static final int UDP_HEADER = 8;

    private Overheard() {}

    /** The payloads of datagrams to {@code address} and {@code port}, in order. */
    public static List<byte[]> datagrams(Path file, byte[] address, int port) throws IOException {
        List<byte[]> found = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        try {
            while (bytes.remaining() >= ETHERNET) {
                ByteBuffer packet = next(bytes);
                if (isUdp(packet, address, port)) {
                    int header = 4 * (packet.get(0) & 0xf);
                    int length = packet.getShort(header + 4) & 0xffff;
                    byte[] payload = new byte[length - UDP_HEADER];
                    packet.get(header + UDP_HEADER, payload);
                    found.add(payload);
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            // The last packet was being written while we read: what came before is enough.
            return found;
        }
        return found;
    }

    private static ByteBuffer next(ByteBuffer bytes) throws IOException {
        int type = bytes.getShort(bytes.position() + 12) & 0xffff;
        int at = bytes.position() + ETHERNET;
        int length = switch (type) {
            case IPV4 -> bytes.getShort(at + 2) & 0xffff;
            case IPV6 -> IPV6_HEADER + (bytes.getShort(at + 4) & 0xffff);
            case ARP -> ARP_BYTES;
            default -> throw new IOException("Ethernet type " + Integer.toHexString(type));
        };
        ByteBuffer packet = bytes.slice(at, type == IPV4 ? length : 0);
        bytes.position(at + length);
        return packet;
    }

    private static boolean isUdp(ByteBuffer packet, byte[] address, int port) {
        if (packet.limit() == 0 || packet.get(9) != UDP) {
            return false;
        }
        byte[] destination = new byte[4];
        packet.get(16, destination);
        int header = 4 * (packet.get(0) & 0xf);
        return Arrays.equals(destination, address) && (packet.getShort(header + 2) & 0xffff) == port;
    }
}
