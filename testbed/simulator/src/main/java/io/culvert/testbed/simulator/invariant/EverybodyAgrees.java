package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.membership.MemberState;
import io.culvert.gossip.membership.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Invariant 6. */
final class EverybodyAgrees extends Invariant {
    private static final int MOST_VIEWS = 5;

    EverybodyAgrees(Watch watch) {
        super(
                watch,
                6,
                "after faults all who live hold the same members and the same contents within 3 rounds of"
                        + " comparison for each doubling of the pool");
    }

    /** Whether they do now. */
    boolean isAgreed() {
        List<Host> running = watch.running();
        Set<Long> memberRoots = new HashSet<>();
        Set<Long> contentRoots = new HashSet<>();
        Set<NodeId> ids = new HashSet<>();
        for (Host host : running) {
            ids.add(host.id());
            memberRoots.add(host.machine().memberRoot());
            contentRoots.add(host.machine().contentRoot());
        }
        return memberRoots.size() <= 1
                && contentRoots.size() <= 1
                && running.stream().allMatch(host -> seesAlive(host).containsAll(ids));
    }

    /** To be called when the time is up. */
    void late() {
        check(isAgreed(), this::differences);
    }

    /** Equal roots must mean equal contents. */
    @Override
    void agreed() {
        List<Host> running = watch.running();
        for (Host owner : running) {
            Set<Object> shown = new HashSet<>();
            running.stream()
                    .filter(host -> host != owner)
                    .forEach(host -> host.contentOf(owner.id()).ifPresent(shown::add));
            check(shown.size() <= 1, () -> "the roots are equal, but of " + owner + " there are " + shown);
        }
    }

    private static Set<NodeId> seesAlive(Host host) {
        Set<NodeId> alive = new HashSet<>();
        alive.add(host.id());
        for (MemberState member : host.machine().others()) {
            if (member.standing() == Standing.ALIVE) {
                alive.add(member.id());
            }
        }
        return alive;
    }

    // Which host disagrees with most, for whoever has to look into a failed run.
    private String differences() {
        Map<String, List<String>> byView = new LinkedHashMap<>();
        for (Host host : watch.running()) {
            String seen = seesAlive(host).size() + " alive of "
                    + (host.machine().others().size() + 1) + ", members "
                    + Long.toHexString(host.machine().memberRoot()) + ", contents "
                    + Long.toHexString(host.machine().contentRoot()) + " of "
                    + host.machine().ownersWithContent();
            byView.computeIfAbsent(seen, unused -> new ArrayList<>()).add(host.toString());
        }
        List<String> views = byView.entrySet().stream()
                .sorted(Comparator.comparingInt(view -> view.getValue().size()))
                .map(view ->
                        view.getValue().size() + " such as " + view.getValue().get(0) + " see " + view.getKey())
                .limit(MOST_VIEWS)
                .toList();
        return watch.running().size() + " run, and do not agree: " + views + odd();
    }

    // What the first two hosts that differ hold of one member, or of one owner.
    private String odd() {
        Host one = watch.running().get(0);
        for (Host other : watch.running()) {
            for (MemberState member : other.machine().others()) {
                String here = one.machine()
                        .find(member.id())
                        .map(EverybodyAgrees::text)
                        .orElse("nothing");
                if (!member.id().equals(one.id()) && !here.equals(text(member))) {
                    return "; " + other + " holds " + text(member) + ", " + one + " holds " + here;
                }
            }
        }
        return "";
    }

    private static String text(MemberState member) {
        return member.id() + " for " + member.standing() + " as " + member.incarnation();
    }
}
