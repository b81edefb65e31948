package io.culvert.cli.command;

import picocli.CommandLine.Command;

/** {@code culvert reload} */
@Command(
        name = "reload",
        description = "Read settings and service files again, as SIGHUP does. All or nothing; problems are printed.")
public final class ReloadCommand extends ApiCommand {
    @Override
    public Integer call() {
        api().put("/v1/agent/reload", "");
        print("Reloaded.\n");
        return 0;
    }
}
