package io.culvert.dns;

import io.culvert.dns.core.Questions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.Message;

/** Sockets of the JDK, as a peer that shares no code with the server. */
final class RawClient {
    static final int PATIENCE_MILLIS = 10_000;

    private RawClient() {}

    static Message udp(InetSocketAddress server, byte[] question) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(server);
            socket.send(new DatagramPacket(question, question.length));
            return receive(socket);
        }
    }

    static Message receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(packet);
        return Questions.decode(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    static Socket connect(InetSocketAddress server) throws IOException {
        Socket socket = new Socket(server.getAddress(), server.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    static Message tcp(InetSocketAddress server, byte[] question) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(framed(List.of(question)));
            return read(socket);
        }
    }

    /** The questions, each behind its length. */
    static byte[] framed(List<byte[]> questions) {
        ByteBuffer bytes = ByteBuffer.allocate(
                questions.stream().mapToInt(each -> 2 + each.length).sum());
        questions.forEach(each -> bytes.putShort((short) each.length).put(each));
        return bytes.array();
    }

    static Message read(Socket socket) throws IOException {
        return Questions.decode(readBytes(socket));
    }

    static byte[] readBytes(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return message;
    }

    static void write(Socket socket, byte[] message) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.write(framed(List.of(message)));
        out.flush();
    }

    /** A question under identifier {@code id}. */
    static byte[] question(String name, int type, int id) {
        byte[] question = Questions.plain(name, type);
        question[0] = (byte) (id >>> 8);
        question[1] = (byte) id;
        return question;
    }
}
