package io.culvert.testbed.bench.peers;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Serf agent, commanded over its RPC and watched by its log. */
final class SerfContestant extends Contestant {
    private static final int GOSSIP_PORT = 7946;
    private static final int RPC_PORT = 7373;
    private static final Pattern JOINED = Pattern.compile("serf: EventMemberJoin: (\\S+)");
    private static final Pattern FAILED = Pattern.compile("serf: EventMemberFailed: (\\S+)");
    private static final Pattern EVENT = Pattern.compile("agent: Received event: user-event: (\\S+)");
    private static final Pattern READY = Pattern.compile("agent: Serf agent starting");

    private @Nullable SerfRpc rpc;

    SerfContestant(String name, String address, String encryptionKey) throws IOException {
        super(
                name,
                address,
                List.of(
                        "serf",
                        "agent",
                        "-node=" + name,
                        "-bind=" + address + ":" + GOSSIP_PORT,
                        "-rpc-addr=" + address + ":" + RPC_PORT,
                        "-profile=lan",
                        "-encrypt=" + encryptionKey));
    }

    @Override
    @Nullable
    String event(String line) {
        if (READY.matcher(line).find()) {
            return "ready";
        }
        Matcher joined = JOINED.matcher(line);
        if (joined.find()) {
            return "member " + joined.group(1);
        }
        Matcher failed = FAILED.matcher(line);
        if (failed.find()) {
            return "failed " + failed.group(1);
        }
        Matcher event = EVENT.matcher(line);
        return event.find() ? "change " + event.group(1) : null;
    }

    /** Connects beforehand, so that no time is lost when it counts. */
    void connect() throws IOException {
        rpc = new SerfRpc(address(), RPC_PORT);
    }

    private SerfRpc rpc() throws IOException {
        SerfRpc connected = rpc;
        if (connected == null) {
            throw new IOException(name() + " is not connected");
        }
        return connected;
    }

    @Override
    void join(String other) throws IOException {
        rpc().join(other);
    }

    @Override
    void change(String mark) throws IOException {
        rpc().event(mark);
    }
}
