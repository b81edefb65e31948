package io.culvert.cli.command;

import io.culvert.cli.api.AgentApi;
import io.culvert.cli.api.ApiException;
import io.culvert.cli.api.Json;
import io.culvert.cli.table.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert intention create|delete|list|check} */
@Command(
        name = "intention",
        description = "Who may open streams to whom. Nobody may until an intention says so.",
        subcommands = {
            IntentionCommand.Create.class,
            IntentionCommand.Delete.class,
            IntentionCommand.ListAll.class,
            IntentionCommand.Check.class
        })
public final class IntentionCommand implements Runnable {
    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.err);
        throw new CommandFailure("", CommandFailure.USAGE);
    }

    /** Source and destination, as three of the four need them. */
    abstract static class Pair extends ApiCommand {
        @Parameters(index = "0", paramLabel = "SOURCE", description = "A service, host/NODE, or '*'.")
        private String source = "";

        @Parameters(index = "1", paramLabel = "DESTINATION", description = "A service, or '*'.")
        private String destination = "";

        final String source() {
            return source;
        }

        final String destination() {
            return destination;
        }

        final String path(String call) {
            return "/v1/connect/intentions/" + call + "?source=" + AgentApi.escape(source) + "&destination="
                    + AgentApi.escape(destination);
        }
    }

    /** {@code culvert intention create} */
    @Command(name = "create", description = "Allow (or deny) SOURCE to open streams to DESTINATION.")
    static final class Create extends Pair {
        @Option(names = "--deny", description = "Deny instead of allow.")
        private boolean deny;

        @Option(names = "--allow", description = "Allow; the default.")
        private boolean allow;

        @Option(names = "--replace", description = "Replace an intention of the same pair.")
        private boolean replace;

        @Option(names = "--description", paramLabel = "TEXT", description = "For people.")
        private String description = "";

        @Override
        public Integer call() {
            if (deny && allow) {
                throw new CommandFailure("--allow and --deny exclude each other", CommandFailure.USAGE);
            }
            String action = deny ? "deny" : "allow";
            if (!replace && exists()) {
                throw new CommandFailure(
                        "an intention " + source() + " => " + destination() + " exists already (--replace changes it)",
                        CommandFailure.FAILED);
            }
            api().put(
                            path("exact"),
                            "{\"Action\":\"" + action + "\",\"Description\":\"" + JsonText.escape(description) + "\"}");
            print("Created: " + source() + " => " + destination() + " (" + action + ")\n");
            return 0;
        }

        private boolean exists() {
            try {
                api().get(path("exact"));
                return true;
            } catch (ApiException e) {
                if (e.status() == 404) {
                    return false;
                }
                throw e;
            }
        }
    }

    /** {@code culvert intention delete} */
    @Command(name = "delete", description = "Remove the intention of this pair. Streams that it allowed are cut.")
    static final class Delete extends Pair {
        @Override
        public Integer call() {
            api().get(path("exact")); // 404 when there is none: saying "deleted" would be a lie
            api().delete(path("exact"));
            print("Deleted: " + source() + " => " + destination() + "\n");
            return 0;
        }
    }

    /** {@code culvert intention list} */
    @Command(name = "list", description = "Show all intentions, the ones that win first.")
    static final class ListAll extends ApiCommand {
        private static final String PATH = "/v1/connect/intentions";

        @Override
        public Integer call() {
            if (json()) {
                return printJson(PATH);
            }
            Table table = new Table("SOURCE", "DESTINATION", "ACTION", "PRECEDENCE", "ORIGIN", "DESCRIPTION");
            for (Json intention : api().get(PATH).elements()) {
                table.row(
                        intention.at("SourceName").text(),
                        intention.at("DestinationName").text(),
                        intention.at("Action").text(),
                        intention.at("Precedence").text(),
                        intention.at("Origin").text(),
                        intention.at("Description").text());
            }
            print(table.isEmpty() ? "No intentions: nobody may open streams to anybody.\n" : table);
            return 0;
        }
    }

    /** {@code culvert intention check} */
    @Command(
            name = "check",
            description = "Say whether SOURCE may open streams to DESTINATION, and which intention decides.",
            footer = "Exit code: 0 allowed, 1 denied, 2 no answer.")
    static final class Check extends Pair {
        @Override
        public Integer call() {
            try {
                if (json()) {
                    String text = api().text(path("check"));
                    System.out.println(text.stripTrailing());
                    return api().parse("", text).at("Allowed").isTrue() ? 0 : 1;
                }
                Json answer = api().get(path("check"));
                boolean allowed = answer.at("Allowed").isTrue();
                String reason = answer.at("Reason").text();
                print((allowed ? "Allowed" : "Denied") + (reason.isEmpty() ? "" : ": " + reason) + "\n");
                return allowed ? 0 : 1;
            } catch (ApiException e) {
                throw new CommandFailure(String.valueOf(e.getMessage()), 2);
            }
        }
    }
}
