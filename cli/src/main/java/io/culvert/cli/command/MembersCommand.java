package io.culvert.cli.command;

import io.culvert.cli.api.Json;
import io.culvert.cli.table.Table;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert members} */
@Command(
        name = "members",
        description = {
            "Show the hosts of the pool, those that failed or left among them: where each is, its state, its round trip and"
                    + " version, and why and when the state last changed. Below the table: what is wrong, and what to do.",
            "States: alive; suspect (did not answer somebody, and has time to object); failed; left (said goodbye, or was"
                    + " given up)."
        },
        footer = "Exit code: 2 when no member matches.")
public final class MembersCommand extends ApiCommand {
    private static final String PATH = "/v1/culvert/members";
    private static final String POOL = "/v1/culvert/pool";

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "Only members of this name; * stands for any letters, ? for one.")
    private @Nullable String name;

    @Option(names = "--status", paramLabel = "REGEX", description = "Only members whose state matches.")
    private String status = ".*";

    @Override
    public Integer call() {
        Pattern states = states();
        Pattern names = names();
        List<Json> members = api().get(PATH).elements().stream()
                .filter(member -> states.matcher(member.at("State").text()).matches()
                        && names.matcher(member.at("Name").text()).matches())
                .toList();
        if (members.isEmpty()) {
            throw new CommandFailure(
                    "no member matches" + (name == null ? "" : " the name '" + name + "'")
                            + (status.equals(".*") ? "" : " the state '" + status + "'"),
                    CommandFailure.USAGE);
        }
        if (json()) {
            print(Json.list(members) + "\n");
        } else {
            print(table(members));
            // Beside the table, not in it: programs may count its lines.
            System.err.print(hints(api().get(POOL)));
        }
        return 0;
    }

    private Pattern states() {
        try {
            return Pattern.compile(status);
        } catch (PatternSyntaxException e) {
            throw new CommandFailure(
                    "--status: '" + status + "' is no regular expression: " + e.getDescription(), CommandFailure.USAGE);
        }
    }

    private Pattern names() {
        if (name == null) {
            return Pattern.compile(".*");
        }
        StringBuilder pattern = new StringBuilder();
        for (char c : name.toCharArray()) {
            pattern.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(pattern.toString(), Pattern.CASE_INSENSITIVE);
    }

    private static Table table(List<Json> members) {
        Table table = new Table("NAME", "ADDRESS", "STATE", "ROLE", "INCARNATION", "RTT", "VERSION", "SINCE", "REASON");
        for (Json member : members) {
            table.row(
                    member.at("Name").text(),
                    member.at("Address").text(),
                    member.at("State").text(),
                    member.at("Server").isTrue() ? "server" : "agent",
                    member.at("Incarnation").text(),
                    member.at("RTT").text(),
                    member.at("Version").text(),
                    member.at("Since").text(),
                    member.at("Reason").text());
        }
        return table;
    }

    /** What is wrong with the pool, if anything is, in the words of the agent. */
    private static String hints(Json pool) {
        List<String> lines = pool.at("Hints").elements().stream()
                .map(hint -> "  " + capital(hint.at("What").text()) + ".\n    "
                        + hint.at("Remedy").text() + "\n")
                .toList();
        return lines.isEmpty() ? "" : "\nNeeds attention:\n" + String.join("", lines);
    }

    private static String capital(String sentence) {
        return sentence.isEmpty() ? "" : sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }
}
