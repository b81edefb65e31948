package io.culvert.agent.join;

import io.culvert.catalog.NodeName;
import io.culvert.identity.Fingerprint;
import io.culvert.identity.join.JoinToken;
import java.util.Optional;

/** What a starting agent is to do about its mesh: decided from what it was told and what it has on disk. */
public sealed interface MeshEntry {
    /** Make a new mesh. */
    record Found() implements MeshEntry {}

    /** Ask to be let in. */
    record Join(JoinToken token) implements MeshEntry {}

    /** Go on as before. */
    record Resume(MeshMembership membership) implements MeshEntry {}

    /** Do not start; nothing was changed. */
    record Refuse(String sentence) implements MeshEntry {}

    /**
     * What the person who starts the agent wants.
     *
     * @param server {@code --server}
     * @param token {@code --join}
     */
    record Wish(boolean server, Optional<JoinToken> token, NodeName node, String datacenter) {}

    /**
     * @param known the membership on disk
     * @param anchor fingerprint of the trust anchor on disk
     */
    static MeshEntry decide(Wish wish, Optional<MeshMembership> known, Optional<Fingerprint> anchor) {
        return known.map(membership -> decideKnown(wish, membership, anchor)).orElseGet(() -> decideNew(wish));
    }

    private static MeshEntry decideNew(Wish wish) {
        if (wish.server() && wish.token().isPresent()) {
            return new Refuse("--server with --join: the mesh of this token has its server already ("
                    + wish.token().get().addresses().get(0)
                    + "), and more than one is not supported in this version; join as an agent, without --server");
        }
        if (wish.server()) {
            return new Found();
        }
        return wish.token()
                .<MeshEntry>map(Join::new)
                .orElseGet(
                        () -> new Refuse("this host belongs to no mesh yet (expected: --join TOKEN, with a token that"
                                + " 'culvert join-token' prints on the server; or --server to found a mesh; or --dev to try"
                                + " one out)"));
    }

    private static MeshEntry decideKnown(Wish wish, MeshMembership known, Optional<Fingerprint> anchor) {
        if (wish.server() && !known.server()) {
            return new Refuse("--server: this host belongs to the mesh " + known.trustDomain()
                    + ", which has its server already ("
                    + known.servers().get(0).address()
                    + "), and more than one is not supported in this version; start without --server");
        }
        Optional<Fingerprint> wanted = wish.token().map(JoinToken::anchor);
        if (wanted.isPresent() && !wanted.equals(anchor)) {
            return new Refuse("--join: the token is of another mesh, this host belongs to " + known.trustDomain()
                    + " (to change over, start with another --data-dir)");
        }
        if (!known.node().equals(wish.node()) || !known.datacenter().equals(wish.datacenter())) {
            return new Refuse("this host is node '" + known.node() + "' in datacenter '" + known.datacenter()
                    + "' of its mesh, and was started as '" + wish.node() + "' in '" + wish.datacenter()
                    + "' (to rename it, let it leave and join again with another --data-dir)");
        }
        // A token left in a unit file is of no harm: it was used when this host joined.
        return new Resume(known);
    }
}
