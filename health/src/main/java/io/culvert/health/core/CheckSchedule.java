package io.culvert.health.core;

import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeId;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.CheckResult;
import io.culvert.health.RestoredStatus;
import io.culvert.health.TtlUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * All checks of one agent. Every method takes an event and the moment it happened and returns what is to be done, in
 * order. Not safe for use by several threads at once; what {@link #results()} returned is.
 */
public final class CheckSchedule {
    private final NodeId self;
    private final RandomGenerator random;
    private final Tokens tokens = new Tokens();
    private final Map<String, CheckMachine> machines = new LinkedHashMap<>();
    private final Map<String, AliasCheck> aliases = new LinkedHashMap<>();
    private CatalogSnapshot catalog;
    private PMap<String, CheckResult> results = HashTreePMap.empty();

    public CheckSchedule(NodeId self, CatalogSnapshot catalog, RandomGenerator random) {
        this.self = self;
        this.catalog = catalog;
        this.random = random;
    }

    /** What a report comes to. */
    public record Reported(TtlUpdate update, List<Effect> effects) {}

    /** Where each check stands; immutable. */
    public Map<String, CheckResult> results() {
        return results;
    }

    /** State to be kept over a restart. */
    public Map<String, RestoredStatus> persisted() {
        Map<String, RestoredStatus> saved = new HashMap<>();
        machines.forEach((id, machine) -> saved.put(id, machine.saved()));
        return saved;
    }

    /**
     * Replaces the whole set. A check that does the same as before goes on undisturbed; one that does something else
     * keeps its status until its first new result; {@code restored} is for checks that are not running yet.
     *
     * @throws IllegalArgumentException when two have one id; nothing was changed
     */
    public List<Effect> apply(Collection<CheckDefinition> wanted, Map<String, RestoredStatus> restored, Moment now) {
        Map<String, CheckDefinition> byId = uniquely(wanted);
        List<Effect> effects = new ArrayList<>();
        for (String gone :
                machines.keySet().stream().filter(id -> !byId.containsKey(id)).toList()) {
            remove(gone, effects);
        }
        for (CheckDefinition check : byId.values()) {
            take(check, restored.get(check.id()), now, effects);
        }
        lookAtAliases(now, effects);
        return effects;
    }

    /** A timer fired. */
    public List<Effect> timerFired(TimerToken token, Moment now) {
        List<Effect> effects = new ArrayList<>();
        CheckMachine machine = machines.get(token.checkId());
        if (machine != null) {
            machine.timerFired(token, now, effects);
            if (machine instanceof AliasCheck) {
                lookAtAliases(now, effects);
            }
            finish(machine, now, effects);
        }
        return effects;
    }

    /** A run came to its end. */
    public List<Effect> runEnded(RunToken token, ProbeResult found, Moment now) {
        List<Effect> effects = new ArrayList<>();
        if (machines.get(token.checkId()) instanceof ProbedCheck probed) {
            probed.runEnded(token, found, now, effects);
            finish(probed, now, effects);
        }
        return effects;
    }

    /** Somebody reports for a TTL check. */
    public Reported reported(String checkId, CheckStatus status, String note, Moment now) {
        List<Effect> effects = new ArrayList<>();
        CheckMachine machine = machines.get(checkId);
        if (machine == null) {
            return new Reported(new TtlUpdate.Unknown(checkId), effects);
        }
        if (!(machine instanceof TtlCheck ttl)) {
            return new Reported(
                    new TtlUpdate.NotTtl(checkId, machine.check().kind().type()), effects);
        }
        ttl.reported(status, note, now, effects);
        finish(ttl, now, effects);
        return new Reported(new TtlUpdate.Done(), effects);
    }

    /** The catalogue changed: only aliases care. */
    public List<Effect> catalogChanged(CatalogSnapshot snapshot, Moment now) {
        List<Effect> effects = new ArrayList<>();
        catalog = snapshot;
        lookAtAliases(now, effects);
        return effects;
    }

    private static Map<String, CheckDefinition> uniquely(Collection<CheckDefinition> wanted) {
        Map<String, CheckDefinition> byId = new LinkedHashMap<>();
        for (CheckDefinition check : wanted) {
            if (byId.put(check.id(), check) != null) {
                throw new IllegalArgumentException("check id '" + check.id()
                        + "' is used twice (expected: unique on its node); nothing was changed");
            }
        }
        return byId;
    }

    private void remove(String id, List<Effect> effects) {
        CheckMachine gone = machines.remove(id);
        if (gone != null) {
            gone.stop(effects);
        }
        aliases.remove(id);
        results = results.minus(id);
    }

    private void take(CheckDefinition check, @Nullable RestoredStatus restored, Moment now, List<Effect> effects) {
        CheckMachine present = machines.get(check.id());
        if (present != null && present.check().probesAs(check)) {
            present.redefine(check, now, effects);
            return;
        }
        RestoredStatus kept = present == null ? restored : present.saved();
        if (present != null) {
            remove(check.id(), effects);
        }
        CheckMachine machine = machineOf(check, kept, now);
        machines.put(check.id(), machine);
        if (machine instanceof AliasCheck alias) {
            aliases.put(check.id(), alias);
        }
        machine.start(now, effects);
        results = results.plus(check.id(), machine.result());
    }

    private CheckMachine machineOf(CheckDefinition check, @Nullable RestoredStatus kept, Moment now) {
        CheckResult standing = kept == null
                ? new CheckResult(check.initialStatus(), "", now.wall(), Optional.empty(), Duration.ZERO)
                : new CheckResult(kept.status(), kept.output(), kept.since(), kept.lastRun(), kept.lastDuration());
        if (check.kind() instanceof CheckKind.Ttl ttl) {
            return new TtlCheck(check, ttl, standing, tokens);
        }
        if (check.kind() instanceof CheckKind.Alias alias) {
            return new AliasCheck(check, alias, standing, tokens);
        }
        Streak streak = kept != null && kept.fingerprint().equals(Fingerprint.of(check))
                ? new Streak(kept.successes(), kept.failures())
                : Streak.BEFORE_FIRST_RESULT;
        return new ProbedCheck(check, standing, streak, tokens, random);
    }

    /** Aliases follow at once, but only when there is something new to see. */
    private void finish(CheckMachine machine, Moment now, List<Effect> effects) {
        results = results.plus(machine.check().id(), machine.result());
        boolean news = effects.stream()
                .anyMatch(effect -> effect instanceof Effect.StatusChanged || effect instanceof Effect.OutputChanged);
        if (news && !(machine instanceof AliasCheck)) {
            lookAtAliases(now, effects);
        }
    }

    private void lookAtAliases(Moment now, List<Effect> effects) {
        if (aliases.isEmpty()) {
            return;
        }
        AliasRules rules = new AliasRules(machines, catalog, self);
        // Twice: those that look at other hosts settle first, and those that look at them here follow.
        for (int pass = 0; pass < 2; pass++) {
            for (AliasCheck alias : aliases.values()) {
                alias.look(rules.judge(alias), now, effects);
                results = results.plus(alias.check().id(), alias.result());
            }
        }
    }
}
