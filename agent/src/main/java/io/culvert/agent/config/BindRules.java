package io.culvert.agent.config;

/**
 * What the agent allows in what it reads.
 *
 * @param datacenter its own
 * @param scriptsRefusal why checks may not run programs; empty: they may
 * @param outputMaxSize the most that a check may keep of its output, in bytes
 * @param server whether intentions written on this host take effect
 */
public record BindRules(String datacenter, String scriptsRefusal, int outputMaxSize, boolean server) {
    /** Everything allowed: what a file is checked by when no agent's settings are at hand. */
    public static final BindRules DEFAULT = new BindRules("dc1", "", 4_096, true);

    /** For definitions in files. */
    public static BindRules forFiles(String datacenter, CheckSettings checks, boolean server) {
        boolean allowed = checks.enableScriptChecks() || checks.enableLocalScriptChecks();
        String refusal = allowed
                ? ""
                : "Scripts are disabled on this agent; to enable, configure 'enable_script_checks' or"
                        + " 'enable_local_script_checks' to true";
        return new BindRules(datacenter, refusal, checks.outputMaxSize(), server);
    }

    /** For definitions that come over the HTTP API. */
    public static BindRules forApi(String datacenter, CheckSettings checks) {
        String refusal = checks.enableScriptChecks()
                ? ""
                : "Scripts are disabled on this agent from remote calls; to enable, configure 'enable_script_checks'"
                        + " to true";
        return new BindRules(datacenter, refusal, checks.outputMaxSize(), false);
    }
}
