package io.culvert.agent.join;

import io.culvert.agent.files.DurableFile;
import io.culvert.agent.rpc.RpcJson;
import io.culvert.catalog.NodeName;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.KeyringFile;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.TrustDomain;
import io.culvert.identity.disk.AuthorityFiles;
import io.culvert.identity.disk.CertificateFiles;
import io.culvert.identity.disk.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a host keeps of its mesh, in a folder that only its agent may enter: {@code mesh.json}, {@code bundle.pem}, {@code
 * keyring}, {@code certificates/}, and on the server {@code ca.pem} and {@code join-ledger.json}. {@code mesh.json} is
 * written last: without it, the host belongs to no mesh. Blocks.
 */
public final class MeshFiles {
    private static final long LONGEST_MEMBERSHIP = 1 << 20;
    private static final long LONGEST_BUNDLE = 1 << 20;
    private static final String GENERATION = "# generation: ";

    private final Path folder;

    /** @param folder {@code secret} under the data directory, mode 0700 */
    public MeshFiles(Path folder) {
        this.folder = folder;
    }

    private record Seat(String address, String id) {}

    private record Stored(
            String trustDomain,
            String datacenter,
            String node,
            boolean server,
            List<Seat> servers,
            List<String> gossipSeeds) {}

    /** Empty: this host belongs to no mesh. A damaged file is an error, for guessing would cut the host off. */
    public Optional<MeshMembership> membership() throws IOException {
        DurableFile file = membershipFile();
        Optional<byte[]> bytes = file.read(LONGEST_MEMBERSHIP);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(RpcJson.readFile(bytes.get(), Stored.class)));
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    file.path() + " is damaged (" + e.getMessage()
                            + "); restore it from a backup, or move the data directory away and join again",
                    e);
        }
    }

    public void write(MeshMembership membership) throws IOException {
        List<Seat> seats = membership.servers().stream()
                .map(seat -> new Seat(seat.address(), seat.id().uri()))
                .toList();
        Stored stored = new Stored(
                membership.trustDomain().text(),
                membership.datacenter(),
                membership.node().text(),
                membership.server(),
                seats,
                membership.gossipSeeds());
        membershipFile().write(RpcJson.write(stored));
    }

    /** The roots; the membership says of which trust domain. */
    public Optional<TrustBundle> bundle(TrustDomain trustDomain) throws IOException {
        DurableFile file = new DurableFile(folder.resolve("bundle.pem"));
        Optional<byte[]> bytes = file.read(LONGEST_BUNDLE);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        String text = new String(bytes.get(), StandardCharsets.US_ASCII);
        try {
            long generation = text.startsWith(GENERATION)
                    ? Long.parseLong(text.substring(GENERATION.length(), text.indexOf('\n'))
                            .strip())
                    : 1;
            return Optional.of(new TrustBundle(trustDomain, Pem.certificates(text), generation));
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    file.path() + " is damaged (" + e.getMessage() + "); restore it from a backup, or join again", e);
        }
    }

    public void write(TrustBundle bundle) throws IOException {
        String text = GENERATION + bundle.generation() + "\n" + Pem.print(bundle.roots());
        new DurableFile(folder.resolve("bundle.pem")).write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The gossip pool's keys. */
    public Optional<Keyring> keyring() throws IOException {
        Path file = keyringFile();
        return Files.exists(file) ? Optional.of(KeyringFile.load(file)) : Optional.empty();
    }

    public void write(Keyring keyring) throws IOException {
        KeyringFile.save(keyringFile(), keyring);
    }

    public Path keyringFile() {
        return folder.resolve("keyring");
    }

    public CertificateFiles certificates() {
        return new CertificateFiles(folder.resolve("certificates"));
    }

    public AuthorityFiles authority() {
        return new AuthorityFiles(folder);
    }

    LedgerFile ledger() {
        return new LedgerFile(new DurableFile(folder.resolve("join-ledger.json")));
    }

    private DurableFile membershipFile() {
        return new DurableFile(folder.resolve("mesh.json"));
    }

    private static MeshMembership parse(Stored stored) throws IOException {
        TrustDomain trustDomain = new TrustDomain(stored.trustDomain());
        List<ServerSeat> seats = stored.servers().stream()
                .map(seat -> new ServerSeat(seat.address(), agent(seat.id())))
                .toList();
        if (seats.isEmpty()) {
            throw new IOException("no server in it");
        }
        return new MeshMembership(
                trustDomain,
                stored.datacenter(),
                new NodeName(stored.node()),
                stored.server(),
                seats,
                stored.gossipSeeds());
    }

    static AgentIdentity agent(String uri) {
        if (SpiffeId.parse(uri) instanceof AgentIdentity agent) {
            return agent;
        }
        throw new IllegalArgumentException("server '" + uri + "' (expected: the id of an agent)");
    }
}
