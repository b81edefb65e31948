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
 * @param reason of the last change of state, for people: {@code "no answer, accused by ..."}
 * @param sinceChange how long it has been in this state
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
        boolean self) {}
