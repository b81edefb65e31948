package io.culvert.agent.config;

import io.culvert.agent.log.LogSettings;
import java.time.Duration;

/**
 * The agent's own settings, complete and free of contradictions.
 *
 * @param leafTtl how long certificates of services live
 */
public record AgentSettings(
        NodeSettings node,
        PortSettings ports,
        ApiSettings api,
        NameSettings dns,
        PoolSettings gossip,
        StreamSettings proxy,
        CheckSettings checks,
        Duration leafTtl,
        LogSettings log,
        TelemetrySettings telemetry) {

    /** What service files are read by. */
    public BindRules bindRules() {
        return BindRules.forFiles(node.datacenter(), checks, node.server() || node.dev());
    }
}
