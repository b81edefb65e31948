package io.culvert.cli.command;

import io.culvert.cli.api.AgentApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What all commands that ask the agent share. */
abstract class ApiCommand implements Callable<Integer> {
    @Option(
            names = "--http-addr",
            paramLabel = "ADDRESS",
            defaultValue = "${env:CULVERT_HTTP_ADDR:-http://127.0.0.1:8500}",
            description = "The agent to ask: http://host:port or unix:///path. Default: ${DEFAULT-VALUE}.")
    private String address = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table for people, json for programs. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    /** How results are printed. */
    enum Format {
        TABLE,
        JSON
    }

    final AgentApi api() {
        return AgentApi.at(address);
    }

    final boolean json() {
        return format == Format.JSON;
    }

    /** Prints the answer to a GET as it came, with a final newline. */
    final int printJson(String path) {
        String text = api().text(path);
        System.out.println(text.stripTrailing());
        return 0;
    }

    static void print(Object text) {
        System.out.print(text);
    }
}
