package io.culvert.gossip.core;

import io.culvert.gossip.membership.RumourQueue;
import io.culvert.gossip.membership.SwimRules;
import io.culvert.gossip.membership.SwimSettings;
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
    /** Of what one listener is told in a tick, content has a fifth when it has something to say. */
    private static final int CONTENT_SHARE = 5;

    private final SwimSettings.Spread settings;
    private final PacketGuard guard;
    private final Consumer<Effect> effects;
    private final RumourQueue rumours;
    private final Traffic traffic;
    private final GossipBudget budget;

    Courier(SwimSettings.Spread settings, Parcels parcels, RumourQueue rumours, Consumer<Effect> effects, long now) {
        this.settings = settings;
        this.guard = parcels.guard();
        this.traffic = parcels.traffic();
        this.effects = effects;
        this.rumours = rumours;
        this.budget = new GossipBudget(settings.budget(), settings.fanout() * Envelope.MAXIMUM_PAYLOAD, now);
    }

    /** Who closes the packets and who counts what is in them. */
    record Parcels(PacketGuard guard, Traffic traffic) {}

    /** Sends {@code frames}, which fit into one packet, now; rumours fill the rest. */
    void send(Peer to, List<? extends Frame> frames, int members, long now) {
        List<Frame> all = new ArrayList<>(frames);
        int room = Math.min(Envelope.MAXIMUM_PAYLOAD - Frame.length(frames), budget.forMembers(now));
        if (room > 0 && rumours.size() > 0) {
            List<Frame> riding = rumours.take(room, copies(members));
            budget.spendForMembers(Frame.length(riding), now);
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
        int most = PACKETS_A_LISTENER * Envelope.MAXIMUM_PAYLOAD;
        int forContent = content.isWaiting() ? Math.min(most / CONTENT_SHARE, budget.forContent(now)) : 0;
        List<Frame> frames = new ArrayList<>(first);
        frames.addAll(rumours.take(Math.min(most - forContent, budget.forMembers(now)), copies(members)));
        int told = Frame.length(frames);
        budget.spendForMembers(told, now);
        int left = Math.min(most - told, budget.forContent(now));
        if (left > 0 && content.isWaiting()) {
            List<Frame> news = content.take(left, members);
            budget.spendForContent(Frame.length(news), now);
            frames.addAll(news);
        }
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
        traffic.sent(frames);
        effects.accept(new Effect.Send(to.address(), guard.seal(to.id(), PacketCodec.encode(frames))));
    }

    private int copies(int members) {
        return SwimRules.copies(settings.copiesMultiplier(), members);
    }
}
