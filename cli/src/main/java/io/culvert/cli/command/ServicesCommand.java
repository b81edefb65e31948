package io.culvert.cli.command;

import io.culvert.cli.api.AgentApi;
import io.culvert.cli.api.Json;
import io.culvert.cli.table.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code culvert services [NAME]} */
@Command(
        name = "services",
        description = "Show the services of the mesh, or the instances of one.",
        footer = "Exit code: 2 when there is no such service.")
public final class ServicesCommand extends ApiCommand {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "A service: show its instances.")
    private String name = "";

    @Override
    public Integer call() {
        return name.isEmpty() ? all() : one();
    }

    private int all() {
        String path = "/v1/culvert/services";
        if (json()) {
            return printJson(path);
        }
        Table table = new Table("SERVICE", "ADDRESS", "INSTANCES", "HEALTHY", "MESH", "TAGS");
        for (Json service : api().get(path).elements()) {
            table.row(
                    service.at("Name").text(),
                    service.at("Address").text(),
                    service.at("Instances").text(),
                    service.at("Healthy").text(),
                    service.at("Mesh").isTrue() ? "yes" : "no",
                    service.at("Tags").joined());
        }
        print(table.isEmpty() ? "No services are known.\n" : table);
        return 0;
    }

    private int one() {
        String path = "/v1/health/service/" + AgentApi.escape(name);
        if (json()) {
            return printJson(path);
        }
        Table table = new Table("INSTANCE", "NODE", "ENDPOINT", "HEALTH", "CHECKS");
        for (Json instance : api().get(path).elements()) {
            Json service = instance.at("Service");
            String socket = service.at("SocketPath").text();
            String host = service.at("Address").text().isEmpty()
                    ? instance.at("Node").at("Address").text()
                    : service.at("Address").text();
            table.row(
                    service.at("ID").text(),
                    instance.at("Node").at("Node").text(),
                    socket.isEmpty() ? host + ":" + service.at("Port").text() : "unix://" + socket,
                    worst(instance.at("Checks")),
                    String.join(
                            ",",
                            instance.at("Checks").elements().stream()
                                    .map(check -> check.at("CheckID").text() + "="
                                            + check.at("Status").text())
                                    .toList()));
        }
        if (table.isEmpty()) {
            throw new CommandFailure("no service '" + name + "' is known", CommandFailure.USAGE);
        }
        print(table);
        return 0;
    }

    private static String worst(Json checks) {
        String worst = "passing";
        for (Json check : checks.elements()) {
            String status = check.at("Status").text();
            if (status.equals("critical") || (status.equals("warning") && worst.equals("passing"))) {
                worst = status;
            }
        }
        return worst;
    }
}
