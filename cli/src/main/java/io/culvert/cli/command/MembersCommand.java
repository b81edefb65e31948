package io.culvert.cli.command;

import io.culvert.cli.api.Json;
import io.culvert.cli.table.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert members} */
@Command(
        name = "members",
        description =
                "Show the hosts of the pool: state, address, round trip, version, and why and when that last changed.",
        footer = "Exit code: 2 when no member matches.")
public final class MembersCommand extends ApiCommand {
    private static final String PATH = "/v1/culvert/members";

    @Option(names = "--status", paramLabel = "REGEX", description = "Only members whose state matches.")
    private String status = ".*";

    @Override
    public Integer call() {
        if (json()) {
            return printJson(PATH);
        }
        Table table = new Table("NAME", "ADDRESS", "STATE", "ROLE", "RTT", "INCARNATION", "VERSION", "SINCE", "REASON");
        for (Json member : api().get(PATH).elements()) {
            if (member.at("State").text().matches(status)) {
                table.row(
                        member.at("Name").text(),
                        member.at("Address").text(),
                        member.at("State").text(),
                        member.at("Server").isTrue() ? "server" : "agent",
                        member.at("RTT").text(),
                        member.at("Incarnation").text(),
                        member.at("Version").text(),
                        member.at("Since").text(),
                        member.at("Reason").text());
            }
        }
        if (table.isEmpty()) {
            throw new CommandFailure("no member's state matches '" + status + "'", CommandFailure.USAGE);
        }
        print(table);
        return 0;
    }
}
