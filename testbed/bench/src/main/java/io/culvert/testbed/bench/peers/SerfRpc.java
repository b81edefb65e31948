package io.culvert.testbed.bench.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The two commands of Serf's RPC protocol that are needed: a header and a body, both MessagePack maps, after a handshake.
 * Answers are not read: what a command did is seen in the agents' logs.
 */
final class SerfRpc {
    private static final int FIXED_MAP = 0x80;
    private static final int FIXED_ARRAY = 0x90;
    private static final int STRING_16 = 0xda;
    private static final int FALSE = 0xc2;
    private static final int TRUE = 0xc3;

    private final OutputStream out;
    private int sequence;

    SerfRpc(String address, int port) throws IOException {
        Socket socket = new Socket(address, port);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        send("handshake", Map.of("Version", 1));
    }

    void join(String other) throws IOException {
        send("join", Map.of("Existing", List.of(other), "Replay", false));
    }

    /** A user event that every agent reports at once, instead of gathering those of the same name for a while. */
    void event(String name) throws IOException {
        send("event", Map.of("Name", name, "Payload", "", "Coalesce", false));
    }

    private void send(String command, Map<String, Object> body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, Map.of("Command", command, "Seq", sequence));
        write(bytes, body);
        sequence++;
        out.write(bytes.toByteArray());
        out.flush();
    }

    private static void write(ByteArrayOutputStream to, Object value) {
        if (value instanceof Map<?, ?> map) {
            to.write(FIXED_MAP | map.size());
            map.forEach((key, entry) -> {
                write(to, String.valueOf(key));
                write(to, entry);
            });
        } else if (value instanceof List<?> list) {
            to.write(FIXED_ARRAY | list.size());
            list.forEach(entry -> write(to, entry));
        } else if (value instanceof Boolean flag) {
            to.write(flag ? TRUE : FALSE);
        } else if (value instanceof Integer number && number >= 0 && number < 0x80) {
            to.write(number);
        } else {
            byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
            to.write(STRING_16);
            to.write(text.length >>> 8);
            to.write(text.length);
            to.writeBytes(text);
        }
    }
}
