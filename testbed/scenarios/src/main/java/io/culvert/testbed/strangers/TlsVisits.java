package io.culvert.testbed.strangers;

import io.culvert.identity.WorkloadCertificate;
import io.culvert.proxy.tls.ServerNames;
import io.culvert.proxy.tls.TlsProtocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Visits to the TLS port that speak TLS. {@code vault} is the service to be reached; {@code guest} may call {@code lobby}
 * but not {@code vault}; of {@code thief} the certificate is on the disk of another host, and no intention is for it.
 */
final class TlsVisits {
    private static final String TLS_1_3 = "TLSv1.3";

    private final Map<String, Visit> visits = new LinkedHashMap<>();
    private final InetSocketAddress port;
    private final Loot loot;

    private TlsVisits(InetSocketAddress port, Loot loot) {
        this.port = port;
        this.loot = loot;
    }

    static Map<String, Visit> all(InetSocketAddress port, Loot loot) throws IOException {
        TlsVisits made = new TlsVisits(port, loot);
        made.certificates();
        made.rights();
        made.manners();
        return made.visits;
    }

    private void certificates() throws IOException {
        add("no-certificate", call("vault", Optional.empty()));
        add("other-authority", call("vault", loot.ofOtherAuthority("caller")));
        add("expired", call("vault", loot.expired("caller")));
        add("not-yet-valid", call("vault", loot.early("caller")));
        add("other-trust-domain", call("vault", loot.ofOtherTrustDomain("caller")));
        add("signed-by-leaf", call("vault", loot.signedByLeaf("thief", "caller")));
    }

    private void rights() throws IOException {
        add("stolen-leaf", call("vault", loot.stolen("thief")));
        add("denied", call("vault", loot.forged("foe")));
        TlsCall denied = call("vault", loot.forged("foe"));
        add("data-without-leave", from -> denied.make(from, port, denied.frames("let me in\n")));
        WorkloadCertificate guest = loot.forged("guest");
        add("other-target", new TlsCall(name("lobby"), streams(), TLS_1_3, Optional.of(guest), "vault"));
        add("no-target", new TlsCall(name("lobby"), streams(), TLS_1_3, Optional.of(guest), ""));
        TlsCall allowed = call("lobby", guest);
        add("broken-frames", from -> allowed.make(from, port, new byte[] {0x7f, 0, 0, 0, 0, 0, 0, 1, 1}));
        add("no-hello", from -> allowed.make(from, port, withoutHello(allowed.frames())));
    }

    private void manners() throws IOException {
        Optional<WorkloadCertificate> good = Optional.of(loot.forged("caller"));
        add("no-server-name", new TlsCall(Optional.empty(), streams(), TLS_1_3, good, "vault"));
        add("foreign-server-name", new TlsCall(Optional.of("example.com"), streams(), TLS_1_3, good, "vault"));
        add("unknown-server-name", new TlsCall(name("nowhere"), streams(), TLS_1_3, good, "vault"));
        add("other-protocol", new TlsCall(name("vault"), List.of("h2", "http/1.1"), TLS_1_3, good, "vault"));
        add("no-protocol", new TlsCall(name("vault"), List.of(), TLS_1_3, good, "vault"));
        add("tls-1.2", new TlsCall(name("vault"), streams(), "TLSv1.2", good, "vault"));
        TlsCall joining =
                new TlsCall(Optional.of(ServerNames.serverName(ServerNames.JOIN)), streams(), TLS_1_3, good, "vault");
        add("streams-at-the-join-door", from -> joining.make(from, port, joining.frames()));
        TlsCall asking = new TlsCall(
                Optional.of(ServerNames.serverName(ServerNames.AGENT)),
                List.of(TlsProtocol.REQUESTS),
                TLS_1_3,
                Optional.empty(),
                "vault");
        add("requests-without-certificate", from -> asking.make(from, port, "{}".getBytes(StandardCharsets.US_ASCII)));
    }

    private void add(String kind, TlsCall call) {
        add(kind, from -> call.make(from, port, call.frames()));
    }

    private void add(String kind, Visit visit) {
        visits.put(kind, visit);
    }

    private TlsCall call(String service, WorkloadCertificate own) {
        return call(service, Optional.of(own));
    }

    private TlsCall call(String service, Optional<WorkloadCertificate> own) {
        return new TlsCall(name(service), streams(), TLS_1_3, own, service);
    }

    private Optional<String> name(String service) {
        return Optional.of(ServerNames.serverName(ServerNames.label(loot.service(service))));
    }

    private static List<String> streams() {
        return List.of(TlsProtocol.STREAMS);
    }

    /** Everything after the first frame: u8 type, u8 flags, u16 stream, u32 length, payload. */
    private static byte[] withoutHello(byte[] frames) {
        int length = java.nio.ByteBuffer.wrap(frames).getInt(4);
        return java.util.Arrays.copyOfRange(frames, 8 + length, frames.length);
    }
}
