package io.culvert.agent;

import io.culvert.agent.config.AgentSettings;
import io.culvert.agent.config.SettingFlag;
import io.culvert.agent.config.SettingsReader;
import io.culvert.agent.files.DiskTrouble;
import io.culvert.agent.life.Signals;
import io.culvert.agent.log.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent as a process: from a settings file and flags to its exit code. */
public final class AgentProcess {
    private static final Logger log = LoggerFactory.getLogger(AgentProcess.class);
    private static final int FAILED = 1;

    private AgentProcess() {}

    /**
     * Runs an agent until it is told to end: by TERM or INT, or by {@code culvert leave}. HUP reloads.
     *
     * @param problems hears, line by line, why the agent does not start
     * @return 0 after an orderly end; 1 when it did not start
     */
    public static int run(Optional<Path> file, List<SettingFlag> flags, Consumer<String> problems)
            throws InterruptedException {
        SettingsReader.Result read = SettingsReader.read(file, flags, hostName());
        read.problems().forEach(problem -> problems.accept(problem.toString()));
        if (read.settings().isEmpty()) {
            return FAILED;
        }
        AgentSettings settings = read.settings().get();
        Logging.configure(settings.log());
        try (Agent agent = Agent.start(settings)) {
            Signals.on("HUP", () -> new Thread(() -> reload(agent), "culvert-reload").start());
            // TERM and INT run the hooks; the process ends when this one returns.
            Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "culvert-stop"));
            agent.awaitEnd();
            return 0;
        } catch (StartFailure e) {
            problems.accept(String.valueOf(e.getMessage()));
            return FAILED;
        } catch (IOException e) {
            log.atDebug().setCause(e).log("the agent did not start");
            problems.accept("the agent did not start: " + DiskTrouble.of(e));
            return FAILED;
        } catch (IllegalStateException | IllegalArgumentException e) {
            log.atDebug().setCause(e).log("the agent did not start");
            problems.accept("the agent did not start: " + (e.getMessage() == null ? e : e.getMessage()));
            return FAILED;
        }
    }

    /** Who sends a signal has no answer to read: everything that is wrong goes to the log, also what it has told before. */
    private static void reload(Agent agent) {
        String problems = agent.reload().orElse("");
        problems.lines()
                .forEach(line -> log.atError().addKeyValue("problem", line).log("reload"));
        log.atInfo().addKeyValue("problems", problems.lines().count()).log("reloaded");
    }

    /** As the kernel has it: asking a resolver would fail on a host that is not in its own DNS. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return System.getenv().getOrDefault("HOSTNAME", "localhost");
        }
    }
}
