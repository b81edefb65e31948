package io.culvert.agent.join;

import io.culvert.agent.join.JoinMessages.JoinAnswer;
import io.culvert.agent.join.JoinMessages.JoinRequest;
import io.culvert.agent.join.JoinMessages.RenewRequest;
import io.culvert.agent.join.JoinMessages.SignAnswer;
import io.culvert.agent.rpc.RpcFailure;
import io.culvert.agent.rpc.RpcMethods;
import io.culvert.agent.rpc.RpcPeer;
import io.culvert.agent.rpc.wire.RpcError;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.clock.WallClock;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.PeerExpectation;
import io.culvert.identity.PeerVerdict;
import io.culvert.identity.PeerVerifier;
import io.culvert.identity.authority.CertificateAuthority;
import io.culvert.identity.authority.CertificateRefused;
import io.culvert.identity.join.IssuedToken;
import io.culvert.identity.join.JoinToken;
import io.culvert.identity.join.JoinTokenLedger;
import io.culvert.identity.join.Redemption;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of joining: issues tokens, and lets in who shows one. Each step is on disk before its effect leaves
 * the host. Any thread; blocks for the disk.
 */
public final class JoinAuthority {
    private static final Logger log = LoggerFactory.getLogger(JoinAuthority.class);

    /** A host that was off for longer has to join again. */
    private static final Duration LONGEST_ABSENCE = Duration.ofDays(90);

    private final CertificateAuthority authority;
    private final Surroundings surroundings;
    private final LedgerFile file;
    private JoinLedger ledger; // guarded by this

    /**
     * What joining hosts are told, and what they are judged by.
     *
     * @param membership this server's, with its seat at its present address
     * @param keyring the present gossip keys
     * @param gossipSeeds members to begin with, this server among them
     * @param names who answers to which name now
     */
    public record Surroundings(
            Supplier<MeshMembership> membership,
            Supplier<Keyring> keyring,
            Supplier<List<String>> gossipSeeds,
            NodeNames names,
            WallClock clock,
            SecureRandom random) {}

    private JoinAuthority(
            CertificateAuthority authority, LedgerFile file, JoinLedger ledger, Surroundings surroundings) {
        this.authority = authority;
        this.file = file;
        this.ledger = ledger;
        this.surroundings = surroundings;
    }

    /** With what is on disk. */
    public static JoinAuthority open(CertificateAuthority authority, MeshFiles files, Surroundings surroundings)
            throws IOException {
        LedgerFile file = files.ledger();
        return new JoinAuthority(authority, file, file.read(), surroundings);
    }

    /** Adds what strangers may ask for: {@code join.redeem}, {@code join.renew}. */
    public void register(RpcMethods strangers) {
        strangers.register(
                JoinMessages.JOIN,
                JoinRequest.class,
                (request, peer) -> CompletableFuture.completedFuture(join(request, peer)));
        strangers.register(
                JoinMessages.RENEW,
                RenewRequest.class,
                (request, peer) -> CompletableFuture.completedFuture(renew(request, peer)));
    }

    /**
     * A new token, which is on disk already.
     *
     * @throws IllegalArgumentException when life or uses are out of bounds
     * @throws IllegalStateException when too many tokens are open
     */
    public synchronized JoinToken issue(Duration life, int uses) throws IOException {
        MeshMembership membership = surroundings.membership().get();
        List<String> addresses = membership.servers().stream()
                .map(ServerSeat::address)
                .limit(JoinToken.MOST_ADDRESSES)
                .toList();
        JoinTokenLedger.Order order =
                new JoinTokenLedger.Order(addresses, authority.bundle().fingerprint(), life, uses);
        JoinTokenLedger.Issue issue = ledger.tokens().issue(order, surroundings.random(), now());
        save(ledger.with(issue.next()));
        log.atInfo()
                .addKeyValue("token", JoinToken.printId(issue.token().id()))
                .addKeyValue("life", life)
                .addKeyValue("uses", uses)
                .log("join token issued");
        return issue.token();
    }

    /** The tokens that may still be used, the newest first. */
    public synchronized List<IssuedToken> outstanding() {
        Instant now = now();
        return ledger.tokens().tokens().stream()
                .filter(token -> token.usesLeft() > 0 && now.isBefore(token.expires()))
                .toList();
    }

    /** Makes a token void; false: it is not known. */
    public synchronized boolean revoke(long id) throws IOException {
        JoinTokenLedger next = ledger.tokens().revoke(id);
        if (next.equals(ledger.tokens())) {
            return false;
        }
        save(ledger.with(next));
        log.atInfo().addKeyValue("token", JoinToken.printId(id)).log("join token revoked");
        return true;
    }

    private synchronized JoinAnswer join(JoinRequest request, RpcPeer peer) throws RpcFailure {
        NodeName name = nodeName(request.node());
        NodeId node = nodeId(request.nodeKey());
        Redemption redemption = ledger.tokens().redeem(request.token(), request.secret(), name.text(), now());
        if (!(redemption instanceof Redemption.Accepted accepted)) {
            throw turnedAway(peer, name, redemption.sentence());
        }
        MeshMembership membership = surroundings.membership().get();
        if (!request.datacenter().equals(membership.datacenter())) {
            throw turnedAway(
                    peer,
                    name,
                    "this mesh is in datacenter '" + membership.datacenter() + "', not '" + request.datacenter()
                            + "'; the token is not used up");
        }
        var conflict = ledger.conflict(name, node, surroundings.names().liveHolder(name), now());
        if (conflict.isPresent() || name.equals(membership.node())) {
            throw turnedAway(
                    peer,
                    name,
                    conflict.orElse("node name '" + name + "' is that of the server") + "; the token is not used up");
        }
        AgentIdentity id = new AgentIdentity(membership.trustDomain(), membership.datacenter(), name);
        List<X509Certificate> chain = sign(id, request.request());
        Instant since = chain.get(0).getNotBefore().toInstant();
        persist(ledger.joined(accepted.next(), name, new JoinLedger.Joined(node, since)));
        log.atInfo()
                .addKeyValue("node", name)
                .addKeyValue("id", node.toUuid())
                .addKeyValue("peer", peer.address())
                .addKeyValue("token", JoinToken.printId(request.token()))
                .log("host joined");
        return answer(membership, chain);
    }

    private JoinAnswer answer(MeshMembership membership, List<X509Certificate> chain) {
        byte[] poolKey = Base64.getDecoder()
                .decode(surroundings.keyring().get().primary().reveal());
        return new JoinAnswer(
                membership.trustDomain().text(),
                membership.datacenter(),
                poolKey,
                JoinMessages.der(chain),
                JoinMessages.der(authority.bundle().roots()),
                membership.servers().stream().map(JoinMessages.Seat::of).toList(),
                surroundings.gossipSeeds().get());
    }

    private synchronized SignAnswer renew(RenewRequest request, RpcPeer peer) throws RpcFailure {
        List<X509Certificate> old = certificates(request);
        X509Certificate leaf = old.get(0);
        Instant expired = leaf.getNotAfter().toInstant();
        // Judged as of its last moment: whether it was good then is what counts.
        PeerVerdict verdict = new PeerVerifier(authority.bundle()).verify(old, PeerExpectation.anyClient(), expired);
        if (!(verdict instanceof PeerVerdict.Verified verified) || !(verified.id() instanceof AgentIdentity id)) {
            throw turnedAway(peer, "renewal", "the expired certificate is not that of an agent of this mesh");
        }
        if (now().isAfter(expired.plus(LONGEST_ABSENCE))) {
            throw turnedAway(
                    peer,
                    id,
                    "this host's certificate expired at " + expired + ", more than " + LONGEST_ABSENCE.toDays()
                            + " days ago; join again with a new token");
        }
        if (ledger.takenSince(id.node(), leaf.getNotBefore().toInstant())) {
            throw turnedAway(
                    peer,
                    id,
                    "node name '" + id.node() + "' was given to another host since; join again with a new token");
        }
        if (!provesKey(leaf, request)) {
            throw turnedAway(peer, id, "the renewal is not signed with the key of the expired certificate");
        }
        List<X509Certificate> chain = sign(id, request.request());
        log.atInfo().addKeyValue("id", id).addKeyValue("expired", expired).log("expired certificate renewed");
        return new SignAnswer(
                JoinMessages.der(chain), JoinMessages.der(authority.bundle().roots()));
    }

    private static List<X509Certificate> certificates(RenewRequest request) throws RpcFailure {
        try {
            return JoinMessages.certificates(request.chain());
        } catch (IOException e) {
            throw new RpcFailure(RpcError.BAD_REQUEST, "expired certificate: " + e.getMessage());
        }
    }

    private static boolean provesKey(X509Certificate leaf, RenewRequest request) {
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(leaf.getPublicKey());
            verifier.update(JoinMessages.renewalProof(request.request()));
            return verifier.verify(request.signature());
        } catch (GeneralSecurityException notASignature) {
            return false;
        }
    }

    private List<X509Certificate> sign(AgentIdentity id, byte[] request) throws RpcFailure {
        try {
            return authority.sign(id, request, now());
        } catch (CertificateRefused e) {
            throw RpcFailure.refused(String.valueOf(e.getMessage()));
        }
    }

    private static NodeName nodeName(String text) throws RpcFailure {
        try {
            return new NodeName(text);
        } catch (IllegalArgumentException e) {
            throw new RpcFailure(RpcError.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private static NodeId nodeId(byte[] key) throws RpcFailure {
        try {
            return PublicKeyBytes.of(key).id();
        } catch (IllegalArgumentException e) {
            throw new RpcFailure(RpcError.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private static RpcFailure turnedAway(RpcPeer peer, Object who, String sentence) {
        log.atWarn()
                .addKeyValue("peer", peer.address())
                .addKeyValue("host", who)
                .addKeyValue("reason", sentence)
                .log("host turned away");
        return RpcFailure.refused(sentence);
    }

    /** As {@link #save}, for a caller on another host. */
    private void persist(JoinLedger next) throws RpcFailure {
        try {
            save(next);
        } catch (IOException e) {
            log.atError().setCause(e).log("join ledger cannot be written");
            throw new RpcFailure(RpcError.UNAVAILABLE, "the server cannot write its ledger; the token is not used up");
        }
    }

    private void save(JoinLedger next) throws IOException {
        file.write(next);
        ledger = next;
    }

    private Instant now() {
        return surroundings.clock().now();
    }
}
