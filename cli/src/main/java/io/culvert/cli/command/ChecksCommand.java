package io.culvert.cli.command;

import io.culvert.cli.api.AgentApi;
import io.culvert.cli.api.Json;
import io.culvert.cli.table.Table;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert checks} */
@Command(
        name = "checks",
        description = "Show the health checks of this host, or of another host or a service.",
        footer = "Exit code: 1 when a check is critical and --fail is given.")
public final class ChecksCommand extends ApiCommand {
    private static final String PATH = "/v1/agent/checks";
    private static final int LONGEST_OUTPUT = 80;

    @Option(names = "--fail", description = "Exit with 1 when a check is critical.")
    private boolean fail;

    @Option(names = "--output", description = "Show each check's output whole.")
    private boolean wholeOutput;

    @Option(
            names = "--node",
            paramLabel = "NODE",
            description = "The checks of that host; it is asked for their output.")
    private String node = "";

    @Option(
            names = "--service",
            paramLabel = "NAME",
            description = "The checks of a service on all hosts; they are asked for the output.")
    private String service = "";

    @Override
    public Integer call() {
        String path = path();
        String text = api().text(path);
        Json checks = api().parse(path, text);
        boolean critical = checks.elements().stream()
                .anyMatch(check -> check.at("Status").text().equals("critical"));
        if (json()) {
            System.out.println(text.stripTrailing());
        } else {
            print(table(checks));
        }
        return fail && critical ? CommandFailure.FAILED : 0;
    }

    private String path() {
        if (!node.isEmpty() && !service.isEmpty()) {
            throw new CommandFailure("--node and --service exclude each other", CommandFailure.USAGE);
        }
        if (!service.isEmpty()) {
            return "/v1/health/checks/" + AgentApi.escape(service) + "?output";
        }
        return node.isEmpty() ? PATH : "/v1/health/node/" + AgentApi.escape(node) + "?output";
    }

    private String table(Json checks) {
        boolean severalHosts = !service.isEmpty();
        Table table = severalHosts
                ? new Table("NODE", "CHECK", "STATUS", "TYPE", "SERVICE", "OUTPUT")
                : new Table("CHECK", "STATUS", "TYPE", "SERVICE", "OUTPUT");
        for (Json check : checks.elements()) {
            String output = check.at("Output").text().strip();
            List<String> cells = new ArrayList<>(List.of(
                    check.at("CheckID").text(),
                    check.at("Status").text(),
                    check.at("Type").text(),
                    check.at("ServiceID").text(),
                    wholeOutput || output.length() <= LONGEST_OUTPUT
                            ? output
                            : output.substring(0, LONGEST_OUTPUT) + "…"));
            if (severalHosts) {
                cells.add(0, check.at("Node").text());
            }
            table.row(cells.toArray(String[]::new));
        }
        if (table.isEmpty()) {
            return service.isEmpty() && node.isEmpty()
                    ? "This host has no checks.\n"
                    : "There are no checks (is the name right? 'culvert services' and 'culvert members' show them).\n";
        }
        return table.toString();
    }
}
