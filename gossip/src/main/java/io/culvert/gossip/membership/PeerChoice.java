package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Whom to talk to next: by chance, so that nobody is left out and nobody is asked by all. */
final class PeerChoice {
    // One comparison in ten is tried with a dead member: what heals a partition of any length (Serf's reconnect).
    private static final int COMPARE_WITH_THE_DEAD = 10;

    private final MemberTable table;
    private final RandomGenerator random;
    private final long toTheDeadNanos;

    PeerChoice(MemberTable table, RandomGenerator random, SwimSettings.Spread settings) {
        this.table = table;
        this.random = random;
        this.toTheDeadNanos = settings.toTheDead().toNanos();
    }

    /** Whom to tell in a gossip tick, with the accusation each of them should hear about itself, if any. */
    List<Membership.Listener> listeners(int count, long now) {
        List<Membership.Listener> listeners = new ArrayList<>(count);
        for (Member member : table.draw(
                count,
                member -> member.standing.isPresent()
                        || member.standing == Standing.DEAD && now - member.changedAt < toTheDeadNanos,
                random)) {
            boolean accused = member.word instanceof Frame.Accusation;
            listeners.add(new Membership.Listener(
                    member.peer(), accused ? Optional.of(member.word.frame()) : Optional.empty()));
        }
        return listeners;
    }

    /** With whom to compare tables: mostly somebody present, now and then somebody who may be back. */
    Optional<Peer> partner() {
        if (random.nextInt(COMPARE_WITH_THE_DEAD) == 0 || table.present() == 0) {
            Optional<Peer> dead = anyOf(Member::mayComeBack);
            if (dead.isPresent()) {
                return dead;
            }
        }
        return anyOf(member -> member.standing.isPresent());
    }

    /** Anybody present, by chance. */
    Optional<Peer> anybodyBut(NodeId except) {
        return anyOf(member -> member.standing.isPresent() && !member.id().equals(except));
    }

    private Optional<Peer> anyOf(Predicate<Member> wanted) {
        List<Member> drawn = table.draw(1, wanted, random);
        return drawn.isEmpty() ? Optional.empty() : Optional.of(drawn.get(0).peer());
    }
}
