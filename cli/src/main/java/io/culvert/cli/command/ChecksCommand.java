package io.culvert.cli.command;

import io.culvert.cli.api.Json;
import io.culvert.cli.table.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert checks} */
@Command(
        name = "checks",
        description = "Show the health checks of this host.",
        footer = "Exit code: 1 when a check is critical and --fail is given.")
public final class ChecksCommand extends ApiCommand {
    private static final String PATH = "/v1/agent/checks";
    private static final int LONGEST_OUTPUT = 80;

    @Option(names = "--fail", description = "Exit with 1 when a check is critical.")
    private boolean fail;

    @Option(names = "--output", description = "Show each check's output whole.")
    private boolean wholeOutput;

    @Override
    public Integer call() {
        String text = api().text(PATH);
        Json checks = api().parse(PATH, text);
        boolean critical = checks.elements().stream()
                .anyMatch(check -> check.at("Status").text().equals("critical"));
        if (json()) {
            System.out.println(text.stripTrailing());
        } else {
            print(table(checks));
        }
        return fail && critical ? CommandFailure.FAILED : 0;
    }

    private String table(Json checks) {
        Table table = new Table("CHECK", "STATUS", "TYPE", "SERVICE", "OUTPUT");
        for (Json check : checks.elements()) {
            String output = check.at("Output").text().strip();
            table.row(
                    check.at("CheckID").text(),
                    check.at("Status").text(),
                    check.at("Type").text(),
                    check.at("ServiceID").text(),
                    wholeOutput || output.length() <= LONGEST_OUTPUT
                            ? output
                            : output.substring(0, LONGEST_OUTPUT) + "…");
        }
        return table.isEmpty() ? "This host has no checks.\n" : table.toString();
    }
}
