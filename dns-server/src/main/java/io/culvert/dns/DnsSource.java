package io.culvert.dns;

import io.culvert.catalog.CatalogView;
import io.culvert.catalog.LoopbackTable;
import io.culvert.catalog.clock.WallClock;
import java.util.function.Supplier;

/**
 * What questions are answered from.
 *
 * @param loopback the present table; asked from event loops, must not block
 */
public record DnsSource(CatalogView catalog, Supplier<LoopbackTable> loopback, WallClock clock) {}
