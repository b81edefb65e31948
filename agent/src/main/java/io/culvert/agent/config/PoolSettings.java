package io.culvert.agent.config;

import io.culvert.catalog.TcpEndpoint;
import io.culvert.gossip.membership.SwimSettings;
import java.time.Duration;
import java.util.List;

/**
 * The gossip pool.
 *
 * @param preset of the timing, as named
 * @param timing the preset with what single settings change of it
 * @param label keeps pools apart that reach each other; part of every packet's seal
 * @param retryJoin members to be asked until one answers
 * @param retryInterval the longest wait between two rounds
 */
public record PoolSettings(
        Preset preset, SwimSettings timing, String label, List<TcpEndpoint> retryJoin, Duration retryInterval) {
    public PoolSettings {
        retryJoin = List.copyOf(retryJoin);
    }

    /** memberlist's presets. */
    public enum Preset {
        LOCAL(SwimSettings.local()),
        LAN(SwimSettings.lan()),
        WAN(SwimSettings.wan());

        private final SwimSettings timing;

        Preset(SwimSettings timing) {
            this.timing = timing;
        }

        public SwimSettings timing() {
            return timing;
        }
    }
}
