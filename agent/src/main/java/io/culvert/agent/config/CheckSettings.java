package io.culvert.agent.config;

/**
 * Which checks may run.
 *
 * @param enableScriptChecks whether programs may run for checks from files and from the API; off, because whoever may register then
 *     runs programs as the agent
 * @param enableLocalScriptChecks whether programs may run for checks from files; on, because who writes those files owns the host
 * @param outputMaxSize bytes of output kept per check
 * @param scriptThreads scripts that run at the same time
 */
public record CheckSettings(
        boolean enableScriptChecks, boolean enableLocalScriptChecks, int outputMaxSize, int scriptThreads) {
    public static final CheckSettings DEFAULT = new CheckSettings(false, true, 4_096, 8);
}
