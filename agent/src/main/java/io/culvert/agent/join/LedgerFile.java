package io.culvert.agent.join;

import io.culvert.agent.files.DurableFile;
import io.culvert.agent.rpc.RpcJson;
import io.culvert.catalog.NodeId;
import io.culvert.identity.join.IssuedToken;
import io.culvert.identity.join.JoinTokenLedger;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ledger of tokens and of hosts that joined, on the server's disk. Blocks. */
final class LedgerFile {
    private static final long LONGEST = 64L * 1024 * 1024;

    private final DurableFile file;

    LedgerFile(DurableFile file) {
        this.file = file;
    }

    private record Token(long id, String secretHash, long issued, long expires, int usesLeft, String lastUsedBy) {
        static Token of(IssuedToken token) {
            return new Token(
                    token.id(),
                    token.secretHash(),
                    token.issued().toEpochMilli(),
                    token.expires().toEpochMilli(),
                    token.usesLeft(),
                    token.lastUsedBy().orElse(""));
        }

        IssuedToken toIssued() {
            return new IssuedToken(
                    id,
                    secretHash,
                    Instant.ofEpochMilli(issued),
                    Instant.ofEpochMilli(expires),
                    usesLeft,
                    lastUsedBy.isEmpty() ? Optional.empty() : Optional.of(lastUsedBy));
        }
    }

    private record Host(String name, String nodeId, long since) {}

    private record Stored(List<Token> tokens, List<Host> hosts) {}

    /** A damaged ledger is an error: with an empty one, a used token would be unknown, but joined names would be free. */
    JoinLedger read() throws IOException {
        Optional<byte[]> bytes = file.read(LONGEST);
        if (bytes.isEmpty()) {
            return JoinLedger.EMPTY;
        }
        try {
            Stored stored = RpcJson.readFile(bytes.get(), Stored.class);
            Map<String, JoinLedger.Joined> hosts = new HashMap<>();
            stored.hosts()
                    .forEach(host -> hosts.put(
                            host.name(),
                            new JoinLedger.Joined(NodeId.parse(host.nodeId()), Instant.ofEpochMilli(host.since()))));
            JoinTokenLedger tokens = JoinTokenLedger.of(
                    stored.tokens().stream().map(Token::toIssued).toList());
            return new JoinLedger(tokens, hosts);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    file.path() + " is damaged (" + e.getMessage() + "); restore it from a backup, or remove it: open"
                            + " join tokens are then void",
                    e);
        }
    }

    void write(JoinLedger ledger) throws IOException {
        List<Host> hosts = new ArrayList<>();
        ledger.hosts()
                .forEach((name, joined) -> hosts.add(
                        new Host(name, joined.node().toString(), joined.since().toEpochMilli())));
        List<Token> tokens = ledger.tokens().tokens().stream().map(Token::of).toList();
        file.write(RpcJson.write(new Stored(tokens, hosts)));
    }
}
