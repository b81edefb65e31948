package io.culvert.agent.config;

import io.culvert.catalog.LoopbackPool;

/**
 * The data plane.
 *
 * @param loopbackPool where services get their addresses; the same on every host
 * @param eventLoops threads that carry streams; 0: one for each core, at most two
 */
public record StreamSettings(LoopbackPool loopbackPool, int eventLoops) {}
