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
import io.culvert.cli.command.KeyringCommand;
import io.culvert.cli.command.LeaveCommand;
import io.culvert.cli.command.MaintCommand;
import io.culvert.cli.command.MembersCommand;
import io.culvert.cli.command.ReloadCommand;
import io.culvert.cli.command.RttCommand;
import io.culvert.cli.command.ServicesCommand;
import io.culvert.cli.command.StatusCommand;
import io.culvert.cli.command.ValidateCommand;
import io.culvert.cli.command.VersionCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The door of the command line. Exit codes: 0 done, 1 failed, 2 wrong usage or nothing matched. */
public final class Main {
    private static final List<String> COMMANDS = List.of(
            "agent",
            "join",
            "join-token",
            "leave",
            "force-leave",
            "members",
            "rtt",
            "services",
            "checks",
            "intention",
            "keyring",
            "status",
            "validate",
            "reload",
            "maint",
            "demo-service",
            "version",
            "help");

    private static final String HELP = "help";

    private Main() {}

    /** The command without a command: prints what there is. */
    @Command(
            name = "culvert",
            description = "A service mesh that lives on the host.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Commands ask the agent at http://127.0.0.1:8500; another one: --http-addr, or CULVERT_HTTP_ADDR.",
                "'culvert help COMMAND' explains a command."
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
        boolean all = !COMMANDS.contains(wanted) || wanted.equals(HELP);
        for (String name : all ? COMMANDS : List.of(wanted)) {
            line.addSubcommand(name, command(name));
        }
        explainable(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, failed, parsed) -> explain(failure));
        return line.execute(arguments);
    }

    /** {@code --help} for the command and all below it, declared once. */
    private static void explainable(CommandLine line) {
        if (line.getCommandSpec().findOption("--help") != null) {
            return; // 'help' has its own
        }
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

    /** One at a time: a map of constructors would load the classes behind every command, the agent's among them. */
    private static Object command(String name) {
        return switch (name) {
            case "agent" -> new AgentCommand();
            case "join" -> new JoinCommand();
            case "join-token" -> new JoinTokenCommand();
            case "leave" -> new LeaveCommand();
            case "force-leave" -> new ForceLeaveCommand();
            case "members" -> new MembersCommand();
            case "rtt" -> new RttCommand();
            case "services" -> new ServicesCommand();
            case "checks" -> new ChecksCommand();
            case "intention" -> new IntentionCommand();
            case "keyring" -> new KeyringCommand();
            case "status" -> new StatusCommand();
            case "validate" -> new ValidateCommand();
            case "reload" -> new ReloadCommand();
            case "maint" -> new MaintCommand();
            case "demo-service" -> new DemoServiceCommand();
            case "version" -> new VersionCommand();
            case "help" -> new CommandLine.HelpCommand();
            default -> throw new IllegalArgumentException("no command '" + name + "'");
        };
    }
}
