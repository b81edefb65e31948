package io.culvert.testbed.scenarios;

import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.Host;
import io.culvert.testbed.hosts.Testbed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A server and agents that joined it with tokens, the way a person sets a mesh up. */
final class Mesh {
    private static final Duration JOIN = Duration.ofSeconds(180);

    private final Map<String, CulvertAgent> agents = new LinkedHashMap<>();

    private Mesh() {}

    /** Starts a server on the first host and joins the others to it; waits until everybody sees everybody. */
    static Mesh of(Testbed testbed, Story story, String server, String... others) {
        return of(testbed, story, List.of(), server, others);
    }

    /** The same, every agent with these arguments as well. */
    static Mesh of(Testbed testbed, Story story, List<String> arguments, String server, String... others) {
        Mesh mesh = new Mesh();
        CulvertAgent first = new CulvertAgent(testbed.host(server), with(arguments, "--server")).start();
        mesh.agents.put(server, first);
        story.step("server on " + server);
        List<CulvertAgent> joining = new ArrayList<>();
        for (String name : others) {
            String token = first.culvert("join-token").orFail().strip();
            Host host = testbed.host(name);
            CulvertAgent agent = new CulvertAgent(host, with(arguments, "--join", token));
            agent.launch();
            joining.add(agent);
            mesh.agents.put(name, agent);
        }
        CulvertAgent.await(
                "all hosts see " + (others.length + 1) + " alive members",
                JOIN,
                () -> mesh.agents.values().stream().allMatch(agent -> mesh.alive(agent) == others.length + 1));
        story.step("joined: " + String.join(", ", others));
        return mesh;
    }

    private static String[] with(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    CulvertAgent agent(String name) {
        CulvertAgent agent = agents.get(name);
        if (agent == null) {
            throw new IllegalArgumentException("no agent on " + name);
        }
        return agent;
    }

    /** Members that an agent holds to be alive. */
    long alive(CulvertAgent agent) {
        String members = agent.culvert("members", "--status", "alive", "--format", "json")
                .output();
        return Pattern.compile("\"State\":").matcher(members).results().count();
    }
}
