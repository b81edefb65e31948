package io.culvert.agent;

import io.culvert.agent.config.AgentSettings;
import io.culvert.agent.config.Secret;
import io.culvert.agent.files.DurableFile;
import io.culvert.agent.join.AgentTls;
import io.culvert.agent.join.CertificateManager;
import io.culvert.agent.join.JoinAuthority;
import io.culvert.agent.join.JoinClient;
import io.culvert.agent.join.JoinFailure;
import io.culvert.agent.join.LocalSigner;
import io.culvert.agent.join.MeshEntry;
import io.culvert.agent.join.MeshFiles;
import io.culvert.agent.join.MeshFounder;
import io.culvert.agent.join.MeshMembership;
import io.culvert.agent.join.NodeNames;
import io.culvert.agent.join.RemoteSigner;
import io.culvert.agent.join.ServerSeat;
import io.culvert.agent.join.SigningService;
import io.culvert.agent.keyring.KeyringKeeper;
import io.culvert.agent.life.AgentThreads;
import io.culvert.agent.life.Closing;
import io.culvert.agent.life.DataDirectory;
import io.culvert.agent.policy.PolicyReplica;
import io.culvert.agent.policy.PolicyService;
import io.culvert.agent.policy.PolicyStore;
import io.culvert.agent.rpc.RpcClient;
import io.culvert.agent.rpc.RpcLimits;
import io.culvert.agent.rpc.RpcMethods;
import io.culvert.agent.rpc.RpcServer;
import io.culvert.agent.rpc.RpcTarget;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.gossip.identity.NodeKey;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.Fingerprint;
import io.culvert.identity.IntentionSource;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.authority.AuthoritySettings;
import io.culvert.identity.authority.CertificateAuthority;
import io.culvert.identity.join.JoinToken;
import io.culvert.proxy.relay.Transport;
import io.culvert.proxy.tls.ServerNames;
import io.culvert.proxy.tls.TlsContexts;
import io.culvert.proxy.tls.TlsPort;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * This host's place in its mesh: founded, joined or resumed; its certificates, the requests between agents, and the
 * intentions, as their server or as a replica. Built before anything that speaks to other hosts.
 */
final class MeshPart {
    private final Ground ground;
    private final MeshMembership membership;
    private final KeyringKeeper keyring;
    private final CertificateManager certificates;
    private final AgentTls tls;
    private final RpcClient servers;
    private final RpcMethods forMembers = new RpcMethods();
    private final RpcMethods forStrangers = new RpcMethods();
    private final Optional<CertificateAuthority> authority;
    private final Optional<JoinAuthority> joining;
    private final Optional<PolicyStore> store;
    private final Optional<PolicyReplica> replica;

    /**
     * What a mesh part stands on.
     *
     * @param tlsAddress {@code host:port} where others reach the TLS port
     * @param gossipAddress {@code host:port} where others reach gossip
     */
    record Ground(
            AgentSettings settings,
            DataDirectory data,
            AgentThreads threads,
            NodeKey nodeKey,
            CatalogView catalog,
            TlsPort port,
            String tlsAddress,
            String gossipAddress,
            SecureRandom random) {
        MeshFiles files() throws IOException {
            return new MeshFiles(data.secret());
        }

        RpcClient.Network network() {
            return new RpcClient.Network(Transport.best(), threads.control(), threads.work(), SystemClocks.MONOTONIC);
        }

        AuthoritySettings authoritySettings() {
            return new AuthoritySettings(settings.leafTtl());
        }
    }

    /** Founds, joins or resumes. Blocks; closes what it made through {@code closing}. */
    static MeshPart open(Ground ground, Closing closing) throws IOException, StartFailure {
        MeshFiles files = ground.files();
        Optional<MeshMembership> known = files.membership();
        Optional<Fingerprint> anchor = known.isEmpty()
                ? Optional.empty()
                : files.bundle(known.get().trustDomain()).map(TrustBundle::fingerprint);
        MeshEntry entry = MeshEntry.decide(wish(ground.settings()), known, anchor);
        if (entry instanceof MeshEntry.Refuse refuse) {
            throw new StartFailure(refuse.sentence());
        }
        MeshMembership membership = enter(entry, ground, files);
        return new MeshPart(ground, membership, files, closing);
    }

    private static MeshEntry.Wish wish(AgentSettings settings) throws StartFailure {
        Optional<Secret> text = settings.node().join();
        Optional<JoinToken> token = Optional.empty();
        try {
            token = text.map(secret -> JoinToken.parse(secret.value()));
        } catch (IllegalArgumentException e) {
            throw new StartFailure("--join: " + e.getMessage());
        }
        return new MeshEntry.Wish(
                settings.node().server() || settings.node().dev(),
                token,
                settings.node().name(),
                settings.node().datacenter());
    }

    private static MeshMembership enter(MeshEntry entry, Ground ground, MeshFiles files)
            throws IOException, StartFailure {
        if (entry instanceof MeshEntry.Resume resume) {
            return resume.membership();
        }
        AgentSettings settings = ground.settings();
        if (entry instanceof MeshEntry.Join join) {
            try {
                return new JoinClient(ground.network(), SystemClocks.WALL, ground.random())
                        .join(
                                join.token(),
                                new JoinClient.Applicant(
                                        settings.node().name(),
                                        settings.node().datacenter(),
                                        ground.nodeKey().publicKey()),
                                files);
            } catch (JoinFailure e) {
                throw new StartFailure("joining: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartFailure("joining was interrupted");
            }
        }
        return new MeshFounder(files, SystemClocks.WALL, ground.random())
                .found(new MeshFounder.Founder(
                        settings.node().name(),
                        settings.node().datacenter(),
                        ground.tlsAddress(),
                        ground.gossipAddress(),
                        ground.authoritySettings()));
    }

    private MeshPart(Ground ground, MeshMembership membership, MeshFiles files, Closing closing) throws IOException {
        this.ground = ground;
        this.membership = membership;
        this.keyring = new KeyringKeeper(
                files.keyring()
                        .orElseThrow(() -> new IOException(files.keyringFile()
                                + " is missing: without the pool's key this host cannot gossip; restore it from a"
                                + " backup, or move the data directory away and join again")),
                files::write);
        this.certificates = closing.add(
                "certificates",
                CertificateManager.open(
                        files,
                        membership,
                        new CertificateManager.Surroundings(
                                ground.threads().serial(), SystemClocks.WALL, ground.random())));
        this.tls = closing.add("agent TLS", new AgentTls(certificates, new TlsContexts(SystemClocks.WALL)));
        this.servers = closing.add("requests to servers", new RpcClient(this::targets, tls.asking(), ground.network()));
        tls.onSwap(servers::retireConnections);
        this.authority = membership.server() ? Optional.of(authority(files)) : Optional.empty();
        this.joining = authority.isPresent() ? Optional.of(joining(files)) : Optional.empty();
        this.store = membership.server() ? Optional.of(openStore()) : Optional.empty();
        this.replica = membership.server()
                ? Optional.empty()
                : Optional.of(closing.add(
                        "policy replica",
                        new PolicyReplica(
                                servers,
                                new DurableFile(ground.data().resolve("intentions.json")),
                                new PolicyReplica.Surroundings(
                                        ground.threads().serial(),
                                        SystemClocks.WALL,
                                        new SplittableRandom(ground.random().nextLong())))));
    }

    private CertificateAuthority authority(MeshFiles files) throws IOException {
        return new MeshFounder(files, SystemClocks.WALL, ground.random()).authority(ground.authoritySettings());
    }

    private JoinAuthority joining(MeshFiles files) throws IOException {
        return JoinAuthority.open(
                authority.orElseThrow(),
                files,
                new JoinAuthority.Surroundings(
                        this::atPresentAddress,
                        keyring::current,
                        () -> List.of(ground.gossipAddress()),
                        NodeNames.in(ground.catalog()),
                        SystemClocks.WALL,
                        ground.random()));
    }

    private PolicyStore openStore() throws IOException {
        return PolicyStore.open(
                membership.trustDomain().text(),
                Optional.of(new DurableFile(ground.data().resolve("intentions.json"))));
    }

    /** This server may have moved since it founded the mesh. */
    private MeshMembership atPresentAddress() {
        return new MeshMembership(
                membership.trustDomain(),
                membership.datacenter(),
                membership.node(),
                true,
                List.of(new ServerSeat(ground.tlsAddress(), membership.agent())),
                List.of(ground.gossipAddress()));
    }

    /**
     * Whom to ask: the servers that this host knows by identity, first where the catalogue shows them now. Another agent that
     * calls itself a server is not among them.
     */
    private List<RpcTarget> targets() {
        List<RpcTarget> targets = new ArrayList<>();
        for (ServerSeat seat : membership.servers()) {
            ground.catalog()
                    .current()
                    .node(seat.id().node())
                    .filter(node -> node.node().server() && node.liveness().isRoutable())
                    .ifPresent(node -> targets.add(new RpcTarget(
                            node.node().address().toString(), node.node().tunnelPort(), Optional.of(seat.id()))));
            if (!targets.contains(seat.target())) {
                targets.add(seat.target());
            }
        }
        return targets;
    }

    /** Opens the requests between agents and begins to renew and to follow. Service files must be in force by now. */
    void start(Closing closing) {
        if (authority.isPresent()) {
            new SigningService(authority.get(), SystemClocks.WALL).register(forMembers);
            joining.orElseThrow().register(forStrangers);
            PolicyService.register(store.orElseThrow(), forMembers);
            certificates.start(new LocalSigner(authority.get(), SystemClocks.WALL));
            RpcServer strangers = closing.add("joining", server(forStrangers, RpcLimits.STRANGERS));
            closing.add(
                    "joining at the port",
                    ground.port().register(ServerNames.JOIN, strangers.forStrangers(tls.admitting())));
        } else {
            RpcClient asStranger =
                    closing.add("renewal", new RpcClient(this::targets, tls.askingAsStranger(), ground.network()));
            certificates.start(new RemoteSigner(servers, asStranger, certificates::agent, SystemClocks.WALL));
            replica.orElseThrow().start();
        }
        RpcServer members = closing.add("requests", server(forMembers, RpcLimits.MEMBERS));
        closing.add(
                "requests at the port", ground.port().register(ServerNames.AGENT, members.forMembers(tls.answering())));
    }

    private RpcServer server(RpcMethods methods, RpcLimits limits) {
        return new RpcServer(methods, limits, ground.threads().work(), SystemClocks.WALL);
    }

    MeshMembership membership() {
        return membership;
    }

    AgentIdentity identity() {
        return membership.agent();
    }

    KeyringKeeper keyring() {
        return keyring;
    }

    /** What other agents may ask of this one. */
    RpcMethods forMembers() {
        return forMembers;
    }

    /** Asks servers, or any agent that is named. */
    RpcClient requests() {
        return servers;
    }

    /** Whether {@code id} is a server that this host knows by its identity. */
    boolean isServer(SpiffeId id) {
        return membership.servers().stream().anyMatch(seat -> seat.id().equals(id));
    }

    /** Where a member of the pool answers requests; empty while its content has not come. */
    Optional<RpcTarget> target(NodeId member) {
        return ground.catalog()
                .current()
                .node(member)
                .map(CatalogNode::node)
                .map(node -> new RpcTarget(
                        node.address().toString(),
                        node.tunnelPort(),
                        Optional.of(
                                new AgentIdentity(membership.trustDomain(), membership.datacenter(), node.name()))));
    }

    CertificateManager certificates() {
        return certificates;
    }

    IntentionSource intentions() {
        return store.isPresent() ? store.get() : replica.orElseThrow();
    }

    Optional<PolicyStore> store() {
        return store;
    }

    Optional<PolicyReplica> replica() {
        return replica;
    }

    Optional<JoinAuthority> joining() {
        return joining;
    }
}
