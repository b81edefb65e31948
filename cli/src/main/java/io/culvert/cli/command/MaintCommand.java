package io.culvert.cli.command;

import io.culvert.cli.api.AgentApi;
import io.culvert.cli.api.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert maint} */
@Command(
        name = "maint",
        description =
                "Take this host, or one instance on it, out of service and back. Without options: show what is in maintenance.")
public final class MaintCommand extends ApiCommand {
    @Option(names = "--enable", description = "Take out of service.")
    private boolean enable;

    @Option(names = "--disable", description = "Put back into service.")
    private boolean disable;

    @Option(names = "--service", paramLabel = "ID", description = "An instance on this host. Default: the whole host.")
    private String service = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Shown with the check.")
    private String reason = "";

    @Override
    public Integer call() {
        if (enable && disable) {
            throw new CommandFailure("--enable and --disable exclude each other", CommandFailure.USAGE);
        }
        if (!enable && !disable) {
            return show();
        }
        String path = service.isEmpty()
                ? "/v1/agent/maintenance"
                : "/v1/agent/service/maintenance/" + AgentApi.escape(service);
        api().put(path + "?enable=" + enable + "&reason=" + AgentApi.escape(reason), "");
        print((service.isEmpty() ? "This host" : "Service " + service)
                + (enable ? " is in maintenance.\n" : " is back in service.\n"));
        return 0;
    }

    private int show() {
        boolean any = false;
        for (Json check : api().get("/v1/agent/checks").elements()) {
            if (check.at("Type").text().equals("maintenance")) {
                any = true;
                String what = check.at("ServiceID").text();
                print((what.isEmpty() ? "This host" : "Service " + what) + ": "
                        + check.at("Notes").text() + "\n");
            }
        }
        print(any ? "" : "Nothing is in maintenance.\n");
        return 0;
    }
}
