package io.culvert.cli.command;

import io.culvert.cli.api.Json;
import io.culvert.cli.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert status} */
@Command(
        name = "status",
        description =
                "Show how this host's agent is: what listens and what cannot, broken files, certificates, policy, pool.",
        footer = "Exit code: 0 all is well, 1 no agent or, with --fail, something needs attention.")
public final class StatusCommand extends ApiCommand {
    private static final String PATH = "/v1/culvert/status";

    @Option(names = "--fail", description = "Exit with 1 when something needs attention.")
    private boolean fail;

    @Override
    public Integer call() {
        String text = api().text(PATH);
        Json status = api().parse(PATH, text);
        List<String> attention = attention(status);
        if (json()) {
            System.out.println(text.stripTrailing());
        } else {
            print(head(status));
            print(listeners(status.at("Listeners")));
            print(certificates(status.at("Certificates")));
            if (!attention.isEmpty()) {
                print("\nNeeds attention:\n"
                        + String.join(
                                "",
                                attention.stream()
                                        .map(line -> "  " + line + "\n")
                                        .toList()));
            }
        }
        return fail && !attention.isEmpty() ? CommandFailure.FAILED : 0;
    }

    private static String head(Json status) {
        Json policy = status.at("Policy");
        List<String> pool = new ArrayList<>();
        for (Map.Entry<String, Json> state : status.at("Pool").fields().entrySet()) {
            if (state.getValue().number() > 0) {
                pool.add(state.getValue().text() + " " + state.getKey().toLowerCase(java.util.Locale.ROOT));
            }
        }
        String age = policy.at("AgeSeconds").text();
        return "Node " + status.at("Node").text() + " (" + status.at("Role").text() + "), Culvert "
                + status.at("Version").text() + ", address "
                + status.at("Address").text() + ", up "
                + duration(status.at("UptimeSeconds").number())
                + (status.at("Ready").isTrue()
                        ? ""
                        : ", not ready: " + status.at("NotReady").joined()) + "\n"
                + "Pool: " + (pool.isEmpty() ? "-" : String.join(", ", pool)) + "\n"
                + "Policy: version " + policy.at("Version").text() + ", "
                + policy.at("Intentions").text() + " intentions, "
                + (age.isEmpty()
                        ? "not confirmed by a server since the start"
                        : "confirmed " + duration(policy.at("AgeSeconds").number()) + " ago")
                + "\n\n";
    }

    private static String listeners(Json listeners) {
        Table table = new Table("LISTENER", "ADDRESS", "STATE");
        for (Json listener : listeners.elements()) {
            table.row(
                    listener.at("Name").text(),
                    listener.at("Address").text(),
                    listener.at("State").text());
        }
        return table.toString();
    }

    private static String certificates(Json certificates) {
        Table table = new Table("CERTIFICATE", "EXPIRES IN");
        for (Json certificate : certificates.elements()) {
            table.row(
                    certificate.at("Identity").text(),
                    duration(certificate.at("ExpiresInSeconds").number()));
        }
        return "\n" + table;
    }

    private static List<String> attention(Json status) {
        List<String> attention = new ArrayList<>();
        for (Json problem : status.at("Problems").elements()) {
            attention.add(
                    problem.at("Place").text() + ": " + problem.at("Message").text());
        }
        for (Json listener : status.at("Listeners").elements()) {
            if (!listener.at("State").text().equals("listening")) {
                attention.add(listener.at("Name").text() + " at "
                        + listener.at("Address").text() + ": "
                        + listener.at("Reason").text() + "; "
                        + listener.at("Remedy").text());
            }
        }
        for (Json certificate : status.at("Certificates").elements()) {
            if (certificate.at("ExpiresInSeconds").number() <= 0) {
                attention.add(
                        certificate.at("Identity").text() + ": the certificate has expired and could not be renewed");
            }
        }
        return attention;
    }

    private static String duration(long seconds) {
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        return minutes < 120 ? minutes + " min" : minutes / 60 < 72 ? minutes / 60 + " h" : minutes / 60 / 24 + " days";
    }
}
