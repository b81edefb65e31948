package io.culvert.gossip.membership;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.Incarnation;

/**
 * One member as it stands, for views and tests.
 *
 * @param shown what the layers above were told: in a freeze the dead are shown as suspects
 * @param changedAt when it came into this standing
 * @param reason why, for people
 */
public record MemberState(
        Alive alive,
        Incarnation incarnation,
        Standing standing,
        Liveness shown,
        long changedAt,
        String reason,
        Contact contact) {

    /**
     * What this host itself knows of the way to it.
     *
     * @param roundTripNanos of the last direct probe; negative until there was one
     * @param heardAt when it last gave a sign of life to this host; negative until it did
     * @param onlyByStream whether that was by stream, while it was silent to datagrams
     * @param coordinate where it says it is in the network; {@link Coordinate#ORIGIN} until it was heard of
     */
    public record Contact(long roundTripNanos, long heardAt, boolean onlyByStream, Coordinate coordinate) {}

    static MemberState of(Member member) {
        Coordinate coordinate = member.coordinate;
        Liveness announced = member.announced;
        return new MemberState(
                member.alive,
                member.incarnation,
                member.standing,
                announced == null ? member.standing.liveness() : announced,
                member.changedAt,
                member.reason,
                new Contact(
                        member.roundTripNanos,
                        member.heardAt,
                        member.onlyByStream,
                        coordinate == null ? Coordinate.ORIGIN : coordinate));
    }

    public long roundTripNanos() {
        return contact.roundTripNanos();
    }

    public NodeId id() {
        return alive.about();
    }
}
