package io.culvert.cli.command;

import io.culvert.cli.api.AgentApi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert force-leave NODE} */
@Command(
        name = "force-leave",
        description = {
            "Give up a member that failed and will not come back: within moments it is left instead of failed, for everybody,"
                    + " and its services are gone. A member that takes part is not touched.",
            "Should the host come back after all, it is a member again."
        })
public final class ForceLeaveCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "NODE", description = "The member's name, or its id.")
    private String node = "";

    @Option(names = "--prune", description = "Also take it out of this agent's list of members at once.")
    private boolean prune;

    @Override
    public Integer call() {
        api().put("/v1/agent/force-leave/" + AgentApi.escape(node) + (prune ? "?prune" : ""), "");
        print("Given up: " + node + "\n");
        return 0;
    }
}
