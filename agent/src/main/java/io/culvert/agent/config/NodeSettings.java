package io.culvert.agent.config;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who this agent is and where it keeps things.
 *
 * @param dev a complete mesh of one, in memory
 * @param server whether it carries policy and certificates
 * @param join the token that brings it into a mesh
 * @param datacenter lower case letters, digits, dashes and underscores
 * @param bind where gossip and streams of other agents are taken
 * @param advertise where other agents reach it; empty: {@code bind}, or the first private address of the host when that is 0.0.0.0
 * @param dataDir empty only for {@code dev}
 * @param configDirs directories and files with service definitions, in order
 * @param meta free pairs of the node, shown in the catalogue
 */
public record NodeSettings(
        boolean dev,
        boolean server,
        Optional<Secret> join,
        NodeName name,
        String datacenter,
        IpAddress bind,
        Optional<IpAddress> advertise,
        Optional<Path> dataDir,
        List<Path> configDirs,
        Map<String, String> meta) {
    public NodeSettings {
        configDirs = List.copyOf(configDirs);
        meta = Map.copyOf(meta);
    }
}
