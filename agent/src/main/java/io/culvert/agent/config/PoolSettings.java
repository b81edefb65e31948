package io.culvert.agent.config;

import io.culvert.catalog.TcpEndpoint;
import java.time.Duration;
import java.util.List;

/**
 * The gossip pool.
 *
 * @param preset of the timing
 * @param label keeps pools apart that reach each other; part of every packet's seal
 * @param retryJoin members to be asked until one answers
 * @param retryInterval between two rounds
 */
public record PoolSettings(Preset preset, String label, List<TcpEndpoint> retryJoin, Duration retryInterval) {
    public PoolSettings {
        retryJoin = List.copyOf(retryJoin);
    }

    /** memberlist's presets. */
    public enum Preset {
        LOCAL,
        LAN,
        WAN
    }
}
