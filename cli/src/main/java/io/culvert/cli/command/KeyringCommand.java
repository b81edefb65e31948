package io.culvert.cli.command;

import io.culvert.cli.api.Json;
import io.culvert.cli.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert keyring list|install|use|remove|rotate} */
@Command(
        name = "keyring",
        description = "The keys that encrypt gossip, on every host at once. Ask a server.",
        subcommands = {
            KeyringCommand.ListAll.class,
            KeyringCommand.Install.class,
            KeyringCommand.Use.class,
            KeyringCommand.Remove.class,
            KeyringCommand.Rotate.class
        },
        footer = {
            "",
            "Keys are shown and named by their numbers. A rotation is install, use and remove; 'rotate' does all"
                    + " three,",
            "and may be given again when it was cut short. Hosts that are down fetch the keys when they come back."
        })
public final class KeyringCommand implements Runnable {
    private static final String PATH = "/v1/culvert/keyring";
    private static final long LOOK_MILLIS = 200;

    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.err);
        throw new CommandFailure("", CommandFailure.USAGE);
    }

    /** Begins an operation and follows it to its end. */
    abstract static class Operation extends ApiCommand {
        /** @return the exit code: 1 when it did not come to its end */
        final int follow(String operation, String key, boolean force) {
            String body = "{\"Operation\":\"" + operation + "\",\"Key\":\"" + JsonText.escape(key) + "\",\"Force\":"
                    + force + "}";
            Json progress = api().parse(PATH, api().post(PATH, body));
            String told = "";
            while (progress.at("Running").isTrue()) {
                told = tell(progress, told);
                pause();
                progress = api().get(PATH);
            }
            if (json()) {
                printJson(PATH);
            } else {
                print(hosts(progress));
            }
            String problem = progress.at("Problem").text();
            if (!problem.isEmpty()) {
                throw new CommandFailure(problem, CommandFailure.FAILED);
            }
            return 0;
        }

        /** One line for each step forward; people wait for the slowest host. */
        private String tell(Json progress, String told) {
            long all = 0;
            long done = 0;
            for (Json host : progress.at("Hosts").elements()) {
                String state = host.at("State").text();
                all += state.equals("down") ? 0 : 1;
                done += state.equals("done") ? 1 : 0;
            }
            String line = progress.at("Doing").text() + ": " + done + " of " + all + " hosts";
            if (!json() && !line.equals(told) && !progress.at("Doing").text().isEmpty()) {
                System.err.println(line);
            }
            return line;
        }

        private static void pause() {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure("interrupted; the server goes on", CommandFailure.FAILED);
            }
        }

        private static String hosts(Json progress) {
            Table table = new Table("NODE", "STATE", "SEALS WITH", "ACCEPTS ALSO", "REMARK");
            for (Json host : progress.at("Hosts").elements()) {
                StringBuilder others = new StringBuilder();
                String first = "";
                for (Json key : host.at("Keys").elements()) {
                    if (first.isEmpty()) {
                        first = key.text();
                    } else {
                        others.append(others.length() == 0 ? "" : " ").append(key.text());
                    }
                }
                table.row(
                        host.at("Node").text(),
                        host.at("State").text(),
                        first,
                        others.toString(),
                        host.at("Message").text());
            }
            String unfinished = progress.at("Unfinished").text();
            return table
                    + (unfinished.isEmpty()
                            ? ""
                            : "A rotation to key " + unfinished
                                    + " is not finished: 'culvert keyring rotate' finishes it.\n");
        }
    }

    /** {@code culvert keyring list} */
    @Command(name = "list", description = "Show which keys each host has.")
    static final class ListAll extends Operation {
        @Override
        public Integer call() {
            return follow("list", "", false);
        }
    }

    /** {@code culvert keyring install} */
    @Command(name = "install", description = "Make every host accept one key more.")
    static final class Install extends Operation {
        private static final int LONGEST = 1_024;

        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "KEY",
                defaultValue = "",
                description =
                        "32 bytes in Base64, or '-' to read them from standard input, which other users cannot see. "
                                + "Without it the server makes a new key.")
        private String key = "";

        @Override
        public Integer call() {
            return follow("install", key.equals("-") ? standardInput() : key, false);
        }

        private static String standardInput() {
            try {
                return new String(System.in.readNBytes(LONGEST), StandardCharsets.US_ASCII).strip();
            } catch (IOException e) {
                throw new CommandFailure("no key on standard input: " + e.getMessage(), CommandFailure.FAILED);
            }
        }
    }

    /** {@code culvert keyring use} */
    @Command(name = "use", description = "Make every host encrypt with this key.")
    static final class Use extends Operation {
        @Parameters(index = "0", paramLabel = "NUMBER", description = "The key's number, as 'list' shows it.")
        private String key = "";

        @Option(
                names = "--force",
                description = "Also when a living host lacks the key: it is lost until it fetches it.")
        private boolean force;

        @Override
        public Integer call() {
            return follow("use", key, force);
        }
    }

    /** {@code culvert keyring remove} */
    @Command(name = "remove", description = "Make every host forget this key.")
    static final class Remove extends Operation {
        @Parameters(index = "0", paramLabel = "NUMBER", description = "The key's number, as 'list' shows it.")
        private String key = "";

        @Option(
                names = "--force",
                description = "Also when a living host still encrypts with it: it is lost until it fetches.")
        private boolean force;

        @Override
        public Integer call() {
            return follow("remove", key, force);
        }
    }

    /** {@code culvert keyring rotate} */
    @Command(
            name = "rotate",
            description =
                    "Change every host over to a new key and make all forget the others; or finish what was cut short.")
    static final class Rotate extends Operation {
        @Override
        public Integer call() {
            return follow("rotate", "", false);
        }
    }
}
