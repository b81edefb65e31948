package io.culvert.agent;

import io.culvert.agent.config.ConfigLoader;
import io.culvert.agent.config.FileState;
import io.culvert.agent.config.LoadedConfig;
import io.culvert.agent.config.syntax.Problem;
import io.culvert.agent.local.FileSet;
import io.culvert.agent.local.LocalOutcome;
import io.culvert.agent.local.LocalState;
import io.culvert.agent.policy.PolicyOutcome;
import io.culvert.agent.policy.PolicyStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what service files say into force: read all, validate all, apply once. Blocks on the disk; one load at a time.
 */
final class ServiceFiles {
    private static final Logger log = LoggerFactory.getLogger(ServiceFiles.class);

    private final ConfigLoader loader;
    private final LocalState local;
    private final Optional<PolicyStore> policy;
    private Set<String> reported = Set.of(); // under the lock: problems that the log has told already
    private volatile LoadedConfig inForce = LoadedConfig.EMPTY; // written under the lock

    /** @param policy where intentions of files go; nothing: this host is no server, and its files have none */
    ServiceFiles(ConfigLoader loader, LocalState local, Optional<PolicyStore> policy) {
        this.loader = loader;
        this.local = local;
        this.policy = policy;
    }

    /** What counts now, with its problems. Never blocks. */
    LoadedConfig inForce() {
        return inForce;
    }

    /** Reads everything anew and applies it. What is wrong, in lines; nothing: all is well. */
    synchronized Optional<String> load() {
        LoadedConfig loaded = loader.load(inForce);
        List<String> refused = new ArrayList<>();
        // Policy first: a service must not be open for a moment with the intentions of before.
        policy.ifPresent(store -> {
            if (store.declare(loaded.intentions()) instanceof PolicyOutcome.Refused refusal) {
                refused.add(refusal.message());
            }
        });
        LocalOutcome outcome = local.applyFiles(FileSet.of(loaded));
        if (!outcome.isApplied()) {
            refused.add(outcome.toString());
        }
        inForce = loaded;
        report(loaded);
        refused.forEach(message -> log.atError().addKeyValue("why", message).log("service files not applied"));
        List<String> lines = new ArrayList<>(refused);
        loaded.problems().stream()
                .filter(Problem::isError)
                .map(Problem::toString)
                .forEach(lines::add);
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
    }

    /** Each problem once, when it appears; and when a file is good again. */
    private void report(LoadedConfig loaded) {
        Set<String> present = new HashSet<>();
        for (Problem problem : loaded.problems()) {
            present.add(problem.toString());
            if (!reported.contains(problem.toString())) {
                (problem.isError() ? log.atError() : log.atWarn())
                        .addKeyValue("problem", problem)
                        .log("service file");
            }
        }
        if (present.isEmpty() && !reported.isEmpty()) {
            log.atInfo().log("service files are all good again");
        }
        reported = present;
        String kept = loaded.fileStates().stream()
                .filter(state -> state.state() == FileState.State.LAST_GOOD)
                .map(FileState::file)
                .collect(Collectors.joining(", "));
        if (!kept.isEmpty()) {
            log.atWarn().addKeyValue("files", kept).log("the last good version stays in force");
        }
        log.atInfo()
                .addKeyValue("services", loaded.services().size())
                .addKeyValue("files", loaded.fileStates().size())
                .log("service files loaded");
    }
}
