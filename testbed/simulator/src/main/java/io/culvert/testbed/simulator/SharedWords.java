package io.culvert.testbed.simulator;

import io.culvert.gossip.core.SignatureCheck;
import io.culvert.gossip.membership.MembershipPort;
import io.culvert.gossip.wire.Interner;
import java.util.HashMap;
import java.util.Map;

/**
 * What every host keeps of every other: heads, record sets and members' words are the same objects at all hosts. Without
 * it a pool of n would hold n times n copies.
 */
final class SharedWords implements Interner {
    // Words that nobody holds any more are dropped with all others: those still held are merely found again later.
    private static final int MOST = 1 << 20;

    private final Map<Object, Object> words = new HashMap<>();

    @Override
    @SuppressWarnings("unchecked") // An equal object of these final classes has the same class.
    public <T> T share(T value) {
        if (words.size() >= MOST) {
            words.clear();
        }
        Object known = words.putIfAbsent(value, value);
        return known == null ? value : (T) known;
    }

    /** The same question about the shared word. */
    SignatureCheck share(SignatureCheck check) {
        if (!(check instanceof SignatureCheck.OfMember word)) {
            return check;
        }
        MembershipPort.Claim claim = word.claim();
        return new SignatureCheck.OfMember(new MembershipPort.Claim(
                share(claim.rumour()),
                claim.hearing(),
                claim.key(),
                claim.domain(),
                claim.message(),
                claim.signature()));
    }
}
