package io.culvert.cli.command;

import io.culvert.agent.AgentProcess;
import io.culvert.agent.config.SettingFlag;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert agent} */
@Command(
        name = "agent",
        description = {
            "Run the agent of this host, in the foreground. The first host: --server. Every other one: --join TOKEN, with a"
                    + " token that 'culvert join-token' printed on a server. To try it out: --dev.",
            "Each option is also a setting of culvert.conf; options win."
        })
public final class AgentCommand implements Callable<Integer> {
    @Option(names = "--dev", description = "A complete mesh of one, in memory, for a laptop.")
    private boolean dev;

    @Option(names = "--server", description = "Carry policy and certificates; the first start makes the mesh.")
    private boolean server;

    @Option(
            names = "--join",
            paramLabel = "TOKEN",
            description = "Enter the mesh that this token is for. A restart needs none.")
    private @Nullable String join;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "The name of this host in the mesh. Default: its host name.")
    private @Nullable String node;

    @Option(names = "--datacenter", paramLabel = "NAME", description = "Default: dc1.")
    private @Nullable String datacenter;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "Where other hosts reach this one.")
    private @Nullable String bind;

    @Option(
            names = "--retry-join",
            paramLabel = "HOST",
            description = "A member of the pool, by name or address, to be asked until one answers. May be repeated.")
    private List<String> retryJoin = new ArrayList<>();

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where state is kept. Default: /var/lib/culvert.")
    private @Nullable String dataDirectory;

    @Option(names = "--config-dir", paramLabel = "DIR", description = "Service files, watched. May be repeated.")
    private List<String> configDirectories = new ArrayList<>();

    @Option(names = "--config", paramLabel = "FILE", description = "Settings (culvert.conf).")
    private @Nullable Path config;

    @Option(names = "--log-level", paramLabel = "LEVEL", description = "trace, debug, info, warn or error.")
    private @Nullable String logLevel;

    /** Ports of its own and no demo: a run of the agent whose only purpose is the class-data archive. */
    @Option(names = "--train", hidden = true)
    private boolean train;

    @Override
    public Integer call() throws InterruptedException {
        return AgentProcess.run(Optional.ofNullable(config), flags(), line -> System.err.println("culvert: " + line));
    }

    private List<SettingFlag> flags() {
        List<SettingFlag> flags = new ArrayList<>();
        try {
            given(flags, "--dev", "dev", dev ? Boolean.TRUE : null);
            given(flags, "--server", "server", server ? Boolean.TRUE : null);
            given(flags, "--join", "join", join);
            given(flags, "--node", "node_name", node);
            given(flags, "--datacenter", "datacenter", datacenter);
            given(flags, "--bind", "bind_addr", bind);
            given(flags, "--retry-join", "gossip.retry_join", retryJoin.isEmpty() ? null : retryJoin);
            given(flags, "--data-dir", "data_dir", dataDirectory);
            given(flags, "--config-dir", "config_dirs", configDirectories.isEmpty() ? null : configDirectories);
            given(flags, "--log-level", "log.level", logLevel);
            if (train) {
                for (String port : List.of("http", "dns", "gossip", "tls")) {
                    flags.add(SettingFlag.of("--train", "ports." + port, 0));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), CommandFailure.USAGE);
        }
        return flags;
    }

    private static void given(List<SettingFlag> flags, String flag, String path, @Nullable Object value) {
        if (value != null) {
            flags.add(SettingFlag.of(flag, path, value));
        }
    }
}
