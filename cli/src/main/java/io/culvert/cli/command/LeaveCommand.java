package io.culvert.cli.command;

import picocli.CommandLine.Command;

/** {@code culvert leave} */
@Command(
        name = "leave",
        description = "Leave the pool: the others hear a goodbye instead of a failure, then the agent ends.")
public final class LeaveCommand extends ApiCommand {
    @Override
    public Integer call() {
        api().put("/v1/agent/leave", "");
        print("Left the pool.\n");
        return 0;
    }
}
