package io.culvert.agent.rpc.wire;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** One frame. The arrays of payloads are handed over, not copied: nobody changes one after it was given away. */
public sealed interface RpcFrame {
    /** Pairs a request with its answer. */
    int id();

    /**
     * @param timeoutMillis how long the caller waits, above 0
     * @param method such as {@code policy.watch}
     */
    record Request(int id, int timeoutMillis, String method, byte[] payload) implements RpcFrame {
        private static final Pattern METHOD = Pattern.compile("[a-z0-9./-]{1,64}");

        public Request {
            if (!METHOD.matcher(method).matches()) {
                throw new IllegalArgumentException("method name of " + method.length()
                        + " characters (expected: 1 to 64 of a-z, 0-9, dot, slash, dash)");
            }
            if (timeoutMillis <= 0) {
                throw new IllegalArgumentException("timeout of " + timeoutMillis + " ms (expected: above 0)");
            }
        }
    }

    record Response(int id, byte[] payload) implements RpcFrame {}

    /** @param message for people; cut to {@value #LONGEST_MESSAGE} bytes */
    record Failure(int id, RpcError error, String message) implements RpcFrame {
        /** Longest message on the wire, in bytes of UTF-8. */
        public static final int LONGEST_MESSAGE = 2_000;

        public Failure {
            while (message.getBytes(StandardCharsets.UTF_8).length > LONGEST_MESSAGE) {
                message = message.substring(0, message.length() * 3 / 4);
            }
        }
    }

    /** The caller waits no longer. */
    record Cancel(int id) implements RpcFrame {}
}
