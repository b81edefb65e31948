package io.culvert.agent.policy;

import io.culvert.agent.rpc.RpcMethods;
import io.culvert.identity.Intention;
import io.culvert.identity.IntentionTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Answers agents that ask for the next version of the intentions. */
public final class PolicyService {
    /** So many bytes of JSON at most in one answer, well below the longest frame. */
    private static final int PAGE_BYTES = 512 * 1024;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final PolicyStore store;

    private PolicyService(PolicyStore store) {
        this.store = store;
    }

    /** Adds {@code policy.watch} to what members may ask for. */
    public static void register(PolicyStore store, RpcMethods members) {
        PolicyService service = new PolicyService(store);
        members.register(PolicyMessages.WATCH, PolicyMessages.Watch.class, (watch, peer) -> service.watch(watch));
    }

    private CompletionStage<PolicyMessages.Table> watch(PolicyMessages.Watch watch) {
        if (watch.offset() > 0) {
            return CompletableFuture.completedFuture(page(watch));
        }
        long wait = Math.max(0, Math.min(watch.waitMillis(), LONGEST_WAIT.toMillis()));
        CompletableFuture<Long> changed = store.after(watch.store(), watch.version());
        // When the time is up the known version is told again: the agent learns that the server is there.
        return changed.completeOnTimeout(watch.version(), wait, TimeUnit.MILLISECONDS)
                .thenApply(version -> page(watch));
    }

    private PolicyMessages.Table page(PolicyMessages.Watch watch) {
        IntentionTable table = store.current();
        boolean known = watch.store().equals(store.name()) && watch.version() == table.version();
        if (known && watch.offset() == 0) {
            return new PolicyMessages.Table(store.name(), table.version(), false, 0, 0, List.of());
        }
        // A table that changed between two parts is told from its beginning again.
        int offset = known ? Math.max(0, watch.offset()) : 0;
        List<PolicyMessages.Entry> page = new ArrayList<>();
        int bytes = 0;
        for (Intention intention : PolicyStore.from(table, offset)) {
            PolicyMessages.Entry entry = PolicyMessages.Entry.of(intention);
            bytes += entry.weight();
            if (bytes > PAGE_BYTES && !page.isEmpty()) {
                break;
            }
            page.add(entry);
        }
        return new PolicyMessages.Table(
                store.name(), table.version(), true, offset, table.intentions().size(), page);
    }
}
