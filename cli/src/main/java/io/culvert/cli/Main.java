package io.culvert.cli;

import io.culvert.cli.api.ApiException;
import io.culvert.cli.command.AgentCommand;
import io.culvert.cli.command.ChecksCommand;
import io.culvert.cli.command.CommandFailure;
import io.culvert.cli.command.DemoServiceCommand;
import io.culvert.cli.command.ForceLeaveCommand;
import io.culvert.cli.command.IntentionCommand;
import io.culvert.cli.command.JoinCommand;
import io.culvert.cli.command.JoinTokenCommand;
import io.culvert.cli.command.LeaveCommand;
import io.culvert.cli.command.MaintCommand;
import io.culvert.cli.command.MembersCommand;
import io.culvert.cli.command.ReloadCommand;
import io.culvert.cli.command.ServicesCommand;
import io.culvert.cli.command.StatusCommand;
import io.culvert.cli.command.ValidateCommand;
import io.culvert.cli.command.VersionCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The door of the command line. Exit codes: 0 done, 1 failed, 2 wrong usage or nothing matched. */
public final class Main {
    private static final Map<String, Supplier<Object>> COMMANDS = commands();

    private Main() {}

    /** The command without a command: prints what there is. */
    @Command(
            name = "culvert",
            description = "A service mesh that lives on the host.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Commands ask the agent at http://127.0.0.1:8500; another one: --http-addr, or CULVERT_HTTP_ADDR.",
                "'culvert COMMAND --help' explains a command."
            })
    private static final class Culvert implements Runnable {
        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Override
        public void run() {
            spec.commandLine().usage(System.err);
            throw new CommandFailure("", CommandFailure.USAGE);
        }
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs one command and returns its exit code. */
    static int run(String... arguments) {
        CommandLine line = new CommandLine(new Culvert());
        String wanted = arguments.length == 0 ? "" : arguments[0];
        // Reading the annotations of every command would cost each of them the time of all.
        COMMANDS.forEach((name, command) -> {
            if (!COMMANDS.containsKey(wanted) || wanted.equals(name)) {
                line.addSubcommand(name, command.get());
            }
        });
        explainable(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, failed, parsed) -> explain(failure));
        return line.execute(arguments);
    }

    /** {@code --help} for the command and all below it, declared once. */
    private static void explainable(CommandLine line) {
        line.getCommandSpec()
                .addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
        line.getSubcommands().values().forEach(Main::explainable);
    }

    private static int explain(Exception failure) throws Exception {
        if (failure instanceof CommandFailure expected) {
            if (expected.getMessage() != null && !expected.getMessage().isEmpty()) {
                System.err.println("culvert: " + expected.getMessage());
            }
            return expected.exitCode();
        }
        if (failure instanceof ApiException refused) {
            System.err.println("culvert: " + refused.getMessage());
            return CommandFailure.FAILED;
        }
        throw failure; // a bug: the stack trace is what a report needs
    }

    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("agent", AgentCommand::new);
        commands.put("join", JoinCommand::new);
        commands.put("join-token", JoinTokenCommand::new);
        commands.put("leave", LeaveCommand::new);
        commands.put("force-leave", ForceLeaveCommand::new);
        commands.put("members", MembersCommand::new);
        commands.put("services", ServicesCommand::new);
        commands.put("checks", ChecksCommand::new);
        commands.put("intention", IntentionCommand::new);
        commands.put("status", StatusCommand::new);
        commands.put("validate", ValidateCommand::new);
        commands.put("reload", ReloadCommand::new);
        commands.put("maint", MaintCommand::new);
        commands.put("demo-service", DemoServiceCommand::new);
        commands.put("version", VersionCommand::new);
        return commands;
    }
}
