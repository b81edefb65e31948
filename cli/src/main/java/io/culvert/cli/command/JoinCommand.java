package io.culvert.cli.command;

import io.culvert.cli.api.AgentApi;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code culvert join ADDRESS...} */
@Command(
        name = "join",
        description = {
            "Tell a running agent to contact other members of its own pool.",
            "A host that is not in the pool yet starts with 'culvert agent --join TOKEN' instead."
        })
public final class JoinCommand extends ApiCommand {
    @Parameters(arity = "1..*", paramLabel = "ADDRESS", description = "host or host:port of a member's gossip.")
    private List<String> addresses = new ArrayList<>();

    @Override
    public Integer call() {
        for (String address : addresses) {
            api().put("/v1/agent/join/" + AgentApi.escape(address), "");
            print("Joined: " + address + "\n");
        }
        return 0;
    }
}
