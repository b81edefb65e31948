package io.culvert.gossip;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import java.time.Duration;
import java.util.Optional;

/**
 * One member as this agent sees it, itself included.
 *
 * @param name the label its owner gave it; empty until its content has come
 * @param port of its gossip sockets
 * @param roundTrip of the last direct probe; empty until there was one
 * @param version of its agent, for people; empty until its content has come
 * @param liveness as the layers above are told it: while many fail at once they are kept as suspects
 * @param reason of the last change of state, for people: {@code "no answer to ..."}
 * @param sinceChange how long it has been in this state
 * @param sinceHeard since its last sign of life to this host itself; empty until there was one. In a large pool hours are
 *     usual: others watch it meanwhile
 * @param datagramsLost whether that sign came by TCP while UDP was silent: something on the way drops datagrams
 */
public record MemberView(
        NodeId id,
        Optional<NodeName> name,
        IpAddress address,
        int port,
        int tunnelPort,
        boolean server,
        Liveness liveness,
        long epoch,
        long incarnation,
        Optional<Duration> roundTrip,
        Optional<String> version,
        String reason,
        Duration sinceChange,
        Optional<Duration> sinceHeard,
        boolean datagramsLost,
        boolean self) {}
