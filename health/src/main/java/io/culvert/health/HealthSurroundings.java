package io.culvert.health;

import io.culvert.catalog.CatalogView;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.catalog.clock.WallClock;
import io.netty.channel.EventLoopGroup;
import java.util.random.RandomGenerator;

/**
 * What the checks find around them; none of it is closed by them.
 *
 * @param loops epoll event loops; one of them carries the schedule
 * @param catalog where alias checks look for other hosts, and for maintenance on this one
 * @param self this host in the catalogue
 * @param random spreads the runs; used under one lock, so any generator will do
 */
public record HealthSurroundings(
        EventLoopGroup loops,
        CatalogView catalog,
        NodeId self,
        MonotonicClock monotonic,
        WallClock wall,
        RandomGenerator random) {}
