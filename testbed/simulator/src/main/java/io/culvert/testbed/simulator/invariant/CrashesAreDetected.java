package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.Liveness;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.membership.MemberState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Invariant 4. */
final class CrashesAreDetected extends Invariant {
    private static final long SECOND = 1_000_000_000L;
    private static final int ENOUGH = 200;

    private final Map<Host, Crash> crashes = new HashMap<>();
    private final Map<Host, Long> startedAt = new HashMap<>();
    private final List<Long> delays = new ArrayList<>();

    private record Crash(long at, long epoch) {}

    CrashesAreDetected(Watch watch) {
        super(
                watch,
                4,
                "every crash is known to all who live within 2 * the longest suspicion + 10 s; in pools without"
                        + " excuses to 99 % within 2 * the shortest suspicion + 10 s");
    }

    @Override
    void started(Host host) {
        crashes.remove(host);
        startedAt.put(host, watch.now());
    }

    @Override
    void stopped(Host host) {
        crashes.put(
                host,
                new Crash(watch.now(), host.machine().ownWord().incarnation().epoch()));
    }

    @Override
    void left(Host host) {
        crashes.remove(host);
    }

    @Override
    void changed(Host observer, MemberChange change) {
        @Nullable Host member = watch.find(change.member());
        @Nullable Crash crash = member == null ? null : crashes.get(member);
        if (crash != null
                && change.after() == Liveness.FAILED
                && watch.pardons().areNone()) {
            delays.add(watch.now() - crash.at);
        }
    }

    @Override
    void sampled() {
        Map<Host, Crash> due = new HashMap<>();
        crashes.forEach((host, crash) -> {
            if (watch.now() - crash.at > watch.detectionBound()) {
                due.put(host, crash);
            }
        });
        due.forEach((host, crash) -> {
            crashes.remove(host);
            look(host, crash);
        });
    }

    private void look(Host dead, Crash crash) {
        for (Host observer : watch.running()) {
            boolean saw = startedAt.getOrDefault(observer, Long.MAX_VALUE) < crash.at;
            if (saw && !watch.isPardoned(observer, crash.at - watch.longestSuspicion())) {
                boolean present = observer.machine()
                        .find(dead.id())
                        .map(CrashesAreDetected::isPresent)
                        .orElse(false);
                check(
                        !present,
                        () -> observer + " still counts on " + dead + ", which crashed "
                                + (watch.now() - crash.at) / SECOND + " s ago");
            }
        }
    }

    private static boolean isPresent(MemberState member) {
        return member.standing().isPresent();
    }

    @Override
    void ended() {
        if (delays.size() >= ENOUGH) {
            delays.sort(Long::compare);
            long most = delays.get(delays.size() * 99 / 100);
            check(
                    most <= 2 * watch.shortestSuspicion() + 10 * SECOND,
                    () -> "99 % knew of a crash only after " + most / SECOND + " s");
        }
    }
}
