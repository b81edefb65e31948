package io.culvert.agent.bridge;

import io.culvert.agent.local.LocalOutcome;
import io.culvert.agent.local.LocalState;
import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckResult;
import io.culvert.health.HealthListener;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the local state what checks come to. */
public final class CheckNews implements HealthListener {
    private static final Logger log = LoggerFactory.getLogger(CheckNews.class);

    private final Executor worker;
    private final AtomicReference<@Nullable LocalState> local = new AtomicReference<>();

    /** @param worker may block: removing an instance writes to the disk */
    public CheckNews(Executor worker) {
        this.worker = worker;
    }

    /** The state is made after the checks that it runs: until it is here there is nothing to tell. */
    public void tell(LocalState state) {
        local.set(state);
    }

    @Override
    public void statusChanged(CheckDefinition check, CheckStatus before, CheckResult result) {
        log.atLevel(result.status() == CheckStatus.PASSING ? org.slf4j.event.Level.INFO : org.slf4j.event.Level.WARN)
                .addKeyValue("check", check.id())
                .addKeyValue("before", before.word())
                .addKeyValue("status", result.status().word())
                .addKeyValue("output", firstLine(result.output()))
                .log("check changed");
        LocalState state = local.get();
        if (state != null) {
            state.checksChanged();
        }
    }

    @Override
    public void outputChanged(CheckDefinition check, CheckResult result) {
        // Output stays with the checks; whoever shows it asks there.
    }

    @Override
    public void deregister(String serviceId, String checkId) {
        worker.execute(() -> {
            LocalState state = local.get();
            if (state != null) {
                LocalOutcome outcome = state.deregister(serviceId);
                log.atWarn()
                        .addKeyValue("service", serviceId)
                        .addKeyValue("check", checkId)
                        .addKeyValue("outcome", outcome)
                        .log("instance removed: its check was critical for too long");
            }
        });
    }

    private static String firstLine(String output) {
        String line = output.strip().lines().findFirst().orElse("");
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }
}
