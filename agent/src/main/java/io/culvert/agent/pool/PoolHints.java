package io.culvert.agent.pool;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.gossip.JoinStatus;
import io.culvert.gossip.MemberView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** From what is known of the pool to what a person should do. Pure. */
public final class PoolHints {
    /** As many names as a line holds. */
    private static final int MOST_NAMED = 5;
    /** Below, a host had one or two bad probes; that passes. */
    private static final int UNWELL = 2;
    /** Whoever has not come back by then seldom does by itself. */
    private static final Duration LONG_DEAD = Duration.ofHours(1);

    private final List<MemberView> members;
    private final List<Hint> hints = new ArrayList<>();

    private PoolHints(List<MemberView> members) {
        this.members = members;
    }

    /**
     * The most urgent first; empty when all is well.
     *
     * @param tuningWarnings what is dangerous in the timing for a pool of this size
     */
    public static List<Hint> of(
            List<MemberView> members, JoinStatus join, PoolWatch.State state, List<String> tuningWarnings) {
        PoolHints hints = new PoolHints(members);
        hints.cloned(state);
        hints.frozen(state);
        hints.alone(join);
        hints.keys(state);
        hints.datagrams(state);
        hints.names();
        hints.slow(state);
        hints.failed();
        hints.clocks(state);
        hints.tuning(tuningWarnings);
        return List.copyOf(hints.hints);
    }

    private void cloned(PoolWatch.State state) {
        if (state.cloned()) {
            add(
                    Hint.Kind.CLONE,
                    "another process speaks with the key of this host",
                    "Was this host, or its data directory, copied? Stop the agent of the copy, delete its data directory and"
                            + " join it again with a token of its own.");
        }
    }

    private void frozen(PoolWatch.State state) {
        state.frozenFor().ifPresent(since -> {
            add(
                    Hint.Kind.FROZEN,
                    "so many members failed at once that this host takes itself to be cut off: for " + words(since)
                            + " it has removed nobody and goes on routing to the last it knew",
                    "Look at this host's own network first. If the others are really gone, 'culvert force-leave NODE' gives"
                            + " them up; otherwise it ends by itself.");
        });
    }

    private void alone(JoinStatus join) {
        if (!join.searching()) {
            return;
        }
        String asked = join.asked().isEmpty() ? "" : "; asked " + some(join.asked());
        String unresolved = join.unresolved().isEmpty() ? "" : "; not resolved: " + some(join.unresolved());
        String next =
                join.nextIn().map(wait -> "; asked again in " + words(wait)).orElse("");
        add(
                Hint.Kind.ALONE,
                "nobody of the pool answers, after " + join.silentRounds() + " rounds" + asked + unresolved + next,
                "Is an agent of this mesh running there, is TCP and UDP to its gossip port open, and do the names lead"
                        + " there? Setting: gossip.retry_join.");
    }

    private void keys(PoolWatch.State state) {
        if (!state.otherKey().isEmpty()) {
            add(
                    Hint.Kind.KEY,
                    "packets that no gossip key of this host opens came from " + some(state.otherKey()),
                    "If these are hosts of this mesh, compare 'culvert keyring list' there and here; otherwise keep them off"
                            + " the gossip port.");
        }
    }

    private void datagrams(PoolWatch.State state) {
        List<String> affected = members.stream()
                .filter(member -> state.byStream().contains(member.id()))
                .map(PoolHints::name)
                .toList();
        if (affected.isEmpty()) {
            return;
        }
        long others = members.stream()
                .filter(member -> !member.self() && member.liveness().isRoutable())
                .count();
        add(
                Hint.Kind.UDP,
                affected.size() + " of " + others + " members answer over TCP only: " + some(affected),
                "UDP to or from the gossip port (8301 unless set) is dropped on the way: open it in both directions. The pool"
                        + " goes on meanwhile, slower.");
    }

    private void names() {
        Map<String, List<MemberView>> byName = new TreeMap<>();
        for (MemberView member : members) {
            member.name()
                    .ifPresent(name -> byName.computeIfAbsent(name.folded(), unused -> new ArrayList<>())
                            .add(member));
        }
        byName.values().forEach(this::sameName);
    }

    private void sameName(List<MemberView> called) {
        List<MemberView> present =
                called.stream().filter(member -> member.liveness().isRoutable()).toList();
        if (present.size() > 1) {
            add(
                    Hint.Kind.NAME,
                    present.size() + " hosts are called " + name(present.get(0)) + ": "
                            + some(present.stream().map(PoolHints::address).toList()),
                    "Give all but one another node_name: a name leads to one of them only.");
        }
    }

    private void slow(PoolWatch.State state) {
        if (state.healthScore() >= UNWELL) {
            add(
                    Hint.Kind.SLOW,
                    "this host is slow to answer or to hear answers (health score " + state.healthScore()
                            + "): it waits longer before it accuses others",
                    "Look at its CPU, its memory and its network; culvert_gossip_lag_seconds tells how late its timers"
                            + " run.");
        }
        state.pause()
                .ifPresent(pause -> add(
                        Hint.Kind.PAUSED,
                        "this agent did not run for " + words(pause.length()) + ", " + words(pause.ago()) + " ago",
                        "Was it stopped, or the machine suspended? Nobody was accused for it."));
    }

    private void failed() {
        List<String> longDead = members.stream()
                .filter(member -> member.liveness() == Liveness.FAILED
                        && member.sinceChange().compareTo(LONG_DEAD) > 0)
                .map(PoolHints::name)
                .toList();
        if (!longDead.isEmpty()) {
            add(
                    Hint.Kind.FAILED,
                    longDead.size() + " members failed more than an hour ago: " + some(longDead),
                    "Those that will not come back: 'culvert force-leave NODE'. Otherwise nothing is to be done; they are"
                            + " forgotten after gossip.forget_after.");
        }
    }

    private void clocks(PoolWatch.State state) {
        if (!state.skewed().isEmpty()) {
            List<String> names = state.skewed().stream().map(this::nameOf).toList();
            add(
                    Hint.Kind.CLOCK,
                    "the clock of " + some(names) + " and that of this host are hours apart",
                    "Set both by NTP: content of a host whose clock is far off may be refused.");
        }
    }

    private void tuning(List<String> warnings) {
        for (String warning : warnings) {
            add(
                    Hint.Kind.TUNING,
                    "dangerous tuning for a pool of this size: " + warning,
                    "Change gossip.preset or the single setting, on every host.");
        }
    }

    private String nameOf(NodeId id) {
        return members.stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .map(PoolHints::name)
                .orElse(id.toString());
    }

    private void add(Hint.Kind kind, String what, String remedy) {
        hints.add(new Hint(kind, what, remedy));
    }

    private static String name(MemberView member) {
        return member.name().map(NodeName::text).orElse(member.id().toString());
    }

    private static String address(MemberView member) {
        return member.address() + " (" + member.id() + ")";
    }

    private static String some(Collection<String> names) {
        String shown = names.stream().sorted().limit(MOST_NAMED).collect(Collectors.joining(", "));
        return names.size() <= MOST_NAMED ? shown : shown + " and " + (names.size() - MOST_NAMED) + " more";
    }

    /** To the second below a minute, then ever coarser. */
    static String words(Duration duration) {
        long seconds = Math.round(duration.toMillis() / 1_000.0);
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        return minutes < 120 ? minutes + " min" : minutes / 60 < 72 ? minutes / 60 + " h" : minutes / 60 / 24 + " days";
    }
}
