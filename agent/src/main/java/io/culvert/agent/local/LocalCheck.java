package io.culvert.agent.local;

import io.culvert.catalog.CheckState;
import io.culvert.health.CheckDefinition;
import java.util.Optional;

/**
 * A check in force on this host.
 *
 * @param definition empty for maintenance, which nothing runs
 * @param standAlone not declared inside a service: Consul shows interval and timeout of these only
 */
public record LocalCheck(CheckState state, Optional<CheckDefinition> definition, boolean standAlone) {}
