package io.culvert.cli.command;

import io.culvert.cli.api.AgentApi;
import io.culvert.cli.api.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code culvert rtt A [B]} */
@Command(
        name = "rtt",
        description = {
            "Show the round trip to be expected between two hosts, from what their agents found out by probing others.",
            "Rough below a millisecond, and just after the start."
        })
public final class RttCommand extends ApiCommand {
    /** An estimate that may be off by half or more says little. */
    private static final double ROUGH = 0.5;

    @Parameters(index = "0", paramLabel = "NODE", description = "A member's name.")
    private String from = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NODE", description = "Another one. Default: this host.")
    private @Nullable String to;

    @Override
    public Integer call() {
        String path = "/v1/culvert/rtt/" + AgentApi.escape(from) + (to == null ? "" : "/" + AgentApi.escape(to));
        if (json()) {
            return printJson(path);
        }
        Json answer = api().get(path);
        double error = Double.parseDouble(answer.at("Error").text());
        print(String.format(
                Locale.ROOT,
                "%s to %s: about %.2f ms%s%n",
                answer.at("From").text(),
                answer.at("To").text(),
                Double.parseDouble(answer.at("Seconds").text()) * 1_000,
                error < ROUGH ? "" : " (a guess: too few probes so far)"));
        return 0;
    }
}
