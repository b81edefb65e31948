package io.culvert.proxy.local;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A connection as its caller sees it.
 *
 * @param caller the caller's own address
 * @param listener where it connected to
 */
record SocketPair(InetSocketAddress caller, InetSocketAddress listener) {
    private static final String MAPPED = "0000000000000000" + hex(new byte[] {0, 0, (byte) 0xff, (byte) 0xff});

    /**
     * How {@code /proc/net/tcp} and {@code tcp6} write it: words of four bytes in the machine's order. Runtimes that open
     * sockets for both families, Java's among them, show IPv4 connections in {@code tcp6} only.
     */
    List<String> rows() {
        if (caller.getAddress() instanceof Inet4Address && listener.getAddress() instanceof Inet4Address) {
            return List.of(row("", caller) + row("", listener), row(MAPPED, caller) + row(MAPPED, listener));
        }
        return List.of(row("", caller) + row("", listener));
    }

    private static String row(String prefix, InetSocketAddress address) {
        return prefix + hex(address.getAddress()) + ":" + String.format("%04X", address.getPort()) + " ";
    }

    private static String hex(InetAddress address) {
        return hex(address.getAddress());
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            text.append(String.format("%08X", words.getInt()));
        }
        return text.toString();
    }
}
