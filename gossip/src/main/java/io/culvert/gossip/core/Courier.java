package io.culvert.gossip.core;

import io.culvert.gossip.membership.RumourQueue;
import io.culvert.gossip.membership.SwimRules;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.membership.TokenBucket;
import io.culvert.gossip.wire.Envelope;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.PacketCodec;
import io.culvert.gossip.wire.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Packs frames into datagrams. Rumours ride along wherever there is room, as long as the budget lasts; probes and answers
 * never wait for it.
 */
final class Courier {
    /** At most so many packets to one listener in a tick: what is left waits for the next. */
    private static final int PACKETS_A_LISTENER = 8;
    /** Of what goes out in a tick, content always gets a fifth when it has something to say. */
    private static final int CONTENT_SHARE = 5;

    private final SwimSettings.Spread settings;
    private final PacketGuard guard;
    private final Consumer<Effect> effects;
    private final RumourQueue rumours;
    private final TokenBucket budget;

    Courier(SwimSettings.Spread settings, PacketGuard guard, RumourQueue rumours, Consumer<Effect> effects, long now) {
        this.settings = settings;
        this.guard = guard;
        this.effects = effects;
        this.rumours = rumours;
        this.budget = new TokenBucket(
                settings.budget().bytesPerSecond(), settings.budget().burstBytes(), now);
    }

    /** Sends {@code frames}, which fit into one packet, now; rumours fill the rest. */
    void send(Peer to, List<? extends Frame> frames, int members, long now) {
        List<Frame> all = new ArrayList<>(frames);
        int room = Math.min(Envelope.MAXIMUM_PAYLOAD - Frame.length(frames), budget.available(now));
        if (room > 0 && rumours.size() > 0) {
            List<Frame> riding = rumours.take(room, copies(members));
            spend(Frame.length(riding), now);
            all.addAll(riding);
        }
        seal(to, all);
    }

    /** Sends {@code frames} and nothing else. */
    void sendBare(Peer to, List<? extends Frame> frames) {
        seal(to, frames);
    }

    /**
     * Tells one listener what is new, in as many packets as the budget and the bound allow.
     *
     * @param first what this listener must hear in any case
     */
    void tell(Peer to, List<Frame> first, Contents content, int members, long now) {
        int room = Math.min(PACKETS_A_LISTENER * Envelope.MAXIMUM_PAYLOAD, budget.available(now));
        int forContent = content.isWaiting() ? room / CONTENT_SHARE : 0;
        List<Frame> frames = new ArrayList<>(first);
        frames.addAll(rumours.take(room - forContent, copies(members)));
        int left = room - Frame.length(frames);
        if (left > 0) {
            frames.addAll(content.take(left, members));
        }
        spend(Frame.length(frames), now);
        pack(to, frames);
    }

    private void pack(Peer to, List<Frame> frames) {
        List<Frame> packet = new ArrayList<>();
        int length = 0;
        for (Frame frame : frames) {
            if (length + frame.length() > Envelope.MAXIMUM_PAYLOAD) {
                seal(to, packet);
                packet = new ArrayList<>();
                length = 0;
            }
            packet.add(frame);
            length += frame.length();
        }
        if (!packet.isEmpty()) {
            seal(to, packet);
        }
    }

    private void seal(Peer to, List<? extends Frame> frames) {
        effects.accept(new Effect.Send(to.address(), guard.seal(to.id(), PacketCodec.encode(frames))));
    }

    private int copies(int members) {
        return SwimRules.copies(settings.copiesMultiplier(), members);
    }

    private void spend(int bytes, long now) {
        // What was taken by a first word may be more than there is: the bucket is then simply empty.
        if (!budget.tryTake(bytes, now)) {
            budget.drain();
        }
    }
}
