package io.culvert.gossip.core;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.wire.EnvelopeBounds;
import io.culvert.gossip.wire.EnvelopeOpener;
import io.culvert.gossip.wire.EnvelopeOutcome;
import io.culvert.gossip.wire.EnvelopeSealer;
import java.util.random.RandomGenerator;

/** The encrypted envelope of production. */
public final class EnvelopeGuard implements PacketGuard {
    private final EnvelopeSealer sealer;
    private final EnvelopeOpener opener;

    /** @param random unpredictable: it draws the session and the cookies */
    public EnvelopeGuard(KeySchedules keys, NodeId self, RandomGenerator random) {
        sealer = new EnvelopeSealer(keys, self, random.nextLong());
        opener = new EnvelopeOpener(keys, self, sealer.session(), random, EnvelopeBounds.DEFAULT);
    }

    @Override
    public byte[] seal(NodeId to, byte[] payload) {
        return sealer.seal(to, payload, opener.cookiesFor(to));
    }

    @Override
    public EnvelopeOutcome open(byte[] packet) {
        return opener.open(packet, 0, packet.length);
    }

    @Override
    public boolean owesEcho(NodeId peer) {
        return opener.cookiesFor(peer).echo().isPresent();
    }

    /** How many sessions of peers are remembered. */
    public int sessions() {
        return opener.sessions();
    }

    /** Seals and opens with {@code changed} from now on. */
    public void use(KeySchedules changed) {
        sealer.use(changed);
        opener.use(changed);
    }
}
