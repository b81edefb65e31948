package io.culvert.cli.command;

import io.culvert.cli.api.AgentApi;
import io.culvert.cli.api.Json;
import io.culvert.cli.table.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert join-token} */
@Command(
        name = "join-token",
        description = "Print a token that lets one new host join: 'culvert agent --join TOKEN' there. Ask a server.")
public final class JoinTokenCommand extends ApiCommand {
    private static final String PATH = "/v1/culvert/join-token";

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "How long it may be used. Default: ${DEFAULT-VALUE}.")
    private String lifetime = "1h";

    @Option(
            names = "--uses",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many hosts it lets in. Default: ${DEFAULT-VALUE}.")
    private int uses = 1;

    @Option(names = "--list", description = "Show the tokens that are still good, without their secrets.")
    private boolean list;

    @Option(names = "--revoke", paramLabel = "ID", description = "Make a token useless.")
    private String revoke = "";

    @Override
    public Integer call() {
        if (list) {
            return list();
        }
        if (!revoke.isEmpty()) {
            api().delete(PATH + "/" + AgentApi.escape(revoke));
            print("Revoked: " + revoke + "\n");
            return 0;
        }
        String answer = api().post(PATH, "{\"TTL\":\"" + JsonText.escape(lifetime) + "\",\"Uses\":" + uses + "}");
        print(
                json()
                        ? answer.stripTrailing() + "\n"
                        : api().parse(PATH, answer).at("Token").text() + "\n");
        return 0;
    }

    private int list() {
        if (json()) {
            return printJson(PATH);
        }
        Table table = new Table("ID", "EXPIRES", "USES LEFT");
        for (Json token : api().get(PATH).elements()) {
            table.row(
                    token.at("ID").text(),
                    token.at("Expires").text(),
                    token.at("UsesLeft").text());
        }
        print(table.isEmpty() ? "No token is outstanding.\n" : table);
        return 0;
    }
}
