package io.culvert.agent.config;

import io.culvert.agent.config.SchemaKey.Treatment;
import java.util.List;
import java.util.Set;

/** Says what was probably meant by a key that a block does not have. */
final class Hints {
    // The most common words of Consul agents' own files, which people put beside service files.
    private static final Set<String> AGENT_SETTINGS = Set.of(
            "acl",
            "addresses",
            "advertiseaddr",
            "autopilot",
            "bindaddr",
            "cafile",
            "certfile",
            "clientaddr",
            "datacenter",
            "datadir",
            "dnsconfig",
            "domain",
            "enablelocalscriptchecks",
            "enablescriptchecks",
            "encrypt",
            "keyfile",
            "leaveonterminate",
            "limits",
            "loglevel",
            "nodename",
            "nodemeta",
            "performance",
            "ports",
            "recursors",
            "retryjoin",
            "server",
            "telemetry",
            "ui",
            "uiconfig",
            "verifyincoming",
            "verifyoutgoing",
            "watches");

    private Hints() {}

    /** A remark in brackets with a blank before it, or nothing. */
    static String forUnknown(Schema schema, String written) {
        String folded = SchemaKey.fold(written);
        if (schema == Schemas.FILE && AGENT_SETTINGS.contains(folded)) {
            return " (settings of the agent belong in culvert.conf)";
        }
        List<String> blocks = Schemas.ALL.stream()
                .filter(other -> other.find(written)
                        .filter(key -> key.treatment() == Treatment.USED)
                        .isPresent())
                .map(Hints::place)
                .toList();
        if (!blocks.isEmpty() && blocks.size() <= 2) {
            return " (it belongs " + String.join(" or ", blocks) + ")";
        }
        return Suggestions.didYouMean(written, schema.usedNames());
    }

    private static String place(Schema schema) {
        return schema == Schemas.FILE ? "at the top of the file" : "in " + schema.block() + " { … }";
    }
}
