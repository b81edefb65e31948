package io.culvert.catalog;

import java.util.Set;

/**
 * One step of the catalogue.
 *
 * @param services names whose instances, checks or hosts changed, those that vanished included
 * @param nodes hosts that changed, those that vanished included
 */
public record CatalogChange(
        CatalogSnapshot before, CatalogSnapshot after, Set<ServiceName> services, Set<NodeId> nodes) {}
