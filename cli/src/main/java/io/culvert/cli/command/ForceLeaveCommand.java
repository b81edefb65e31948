package io.culvert.cli.command;

import io.culvert.cli.api.AgentApi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code culvert force-leave NODE} */
@Command(name = "force-leave", description = "Forget a member that failed and will not come back.")
public final class ForceLeaveCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "NODE", description = "The member's name.")
    private String node = "";

    @Override
    public Integer call() {
        api().put("/v1/agent/force-leave/" + AgentApi.escape(node), "");
        print("Removed: " + node + "\n");
        return 0;
    }
}
