package io.culvert.dns.core;

import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.LoopbackTable;

/**
 * What a question is answered from.
 *
 * @param unixSeconds serial of the zone's SOA, as Consul has it
 */
public record View(CatalogSnapshot snapshot, LoopbackTable table, long unixSeconds) {}
