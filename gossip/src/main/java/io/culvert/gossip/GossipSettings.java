package io.culvert.gossip;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.membership.SwimSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One member's place in one pool.
 *
 * @param poolLabel bound into every packet and signature, so that two pools never merge by accident
 * @param listening where this member can be reached
 * @param server whether it carries the role of a server, for those who choose members by role
 * @param dataDirectory of this room's files: epoch and snapshot
 * @param retryJoin hosts to be asked for the pool until one answers; names are resolved at each try
 * @param retryInterval between two rounds of tries
 * @param timing of probes and rumours
 */
public record GossipSettings(
        PoolLabel poolLabel,
        Listening listening,
        boolean server,
        Path dataDirectory,
        List<HostPort> retryJoin,
        Duration retryInterval,
        SwimSettings timing) {

    /**
     * @param bind the local address, 0.0.0.0 for all
     * @param port UDP and TCP; 0 lets the system choose, for tests
     * @param advertise the address others are told; must be given when {@code bind} is a wildcard
     * @param tunnelPort the TLS port others are told
     */
    public record Listening(IpAddress bind, int port, Optional<IpAddress> advertise, int tunnelPort) {
        public Listening {
            portInRange("gossip port", port);
            portInRange("tunnel port", tunnelPort);
            if (advertise.orElse(bind).isUnspecified()) {
                throw new IllegalArgumentException("gossip advertise address: none for bind address " + bind
                        + " (expected: the address under which other hosts reach this one)");
            }
        }

        public IpAddress advertised() {
            return advertise.orElse(bind);
        }

        private static void portInRange(String what, int port) {
            if (port < 0 || port > 0xffff) {
                throw new IllegalArgumentException(what + ": " + port + " (expected: 0 to 65535)");
            }
        }
    }

    public GossipSettings {
        retryJoin = List.copyOf(retryJoin);
        if (retryInterval.compareTo(Duration.ofMillis(50)) < 0) {
            throw new IllegalArgumentException("retry interval: " + retryInterval + " (expected: at least 50 ms)");
        }
    }

    /** Settings of a data centre. */
    public static GossipSettings lan(Listening listening, Path dataDirectory) {
        return of(SwimSettings.lan(), listening, dataDirectory);
    }

    /** Settings for hosts on several continents. */
    public static GossipSettings wan(Listening listening, Path dataDirectory) {
        return of(SwimSettings.wan(), listening, dataDirectory);
    }

    /** Settings for several agents on one machine. */
    public static GossipSettings local(Listening listening, Path dataDirectory) {
        return of(SwimSettings.local(), listening, dataDirectory);
    }

    private static GossipSettings of(SwimSettings timing, Listening listening, Path dataDirectory) {
        return new GossipSettings(
                new PoolLabel("culvert"), listening, false, dataDirectory, List.of(), Duration.ofSeconds(5), timing);
    }

    public GossipSettings withPoolLabel(PoolLabel label) {
        return new GossipSettings(label, listening, server, dataDirectory, retryJoin, retryInterval, timing);
    }

    public GossipSettings withServer(boolean isServer) {
        return new GossipSettings(poolLabel, listening, isServer, dataDirectory, retryJoin, retryInterval, timing);
    }

    public GossipSettings withRetryJoin(List<HostPort> hosts, Duration interval) {
        return new GossipSettings(poolLabel, listening, server, dataDirectory, hosts, interval, timing);
    }

    public GossipSettings withTiming(SwimSettings newTiming) {
        return new GossipSettings(poolLabel, listening, server, dataDirectory, retryJoin, retryInterval, newTiming);
    }
}
