package io.culvert.agent.keyring;

import io.culvert.agent.keyring.KeyringProgress.Host;
import io.culvert.agent.keyring.KeyringProgress.State;
import io.culvert.catalog.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One change of the pool's keys on its way to every host, step by step: a step begins only when the one before it has
 * reached every living host, so that no host ever seals with a key that a living one lacks. Hosts that do not answer are
 * asked again a few times; hosts that die drop out, hosts that come are taken in. Pure: what is to be asked comes out, what
 * was answered goes in.
 */
final class KeyringChange {
    /** How often a host that does not answer is asked in one step. */
    static final int ROUNDS = 4;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final String operation;
    private final List<KeyringOrder> orders;
    private final boolean force;
    private final Map<NodeId, Participant> participants = new LinkedHashMap<>();
    private List<Member> absent = List.of();
    private int at = -1;
    private int round;
    private int unanswered;
    private boolean ended;
    private String problem = "";

    /** A host as the pool knows it. */
    record Member(NodeId id, String name) {}

    /** The hosts of the pool now. */
    record Pool(List<Member> living, List<Member> absent) {}

    /**
     * One order to one host.
     *
     * @param remove numbers of keys that the host is to give up
     */
    record Ask(Member host, KeyringOrder order, List<String> remove) {}

    /** What comes next: questions, or a pause and then {@link KeyringChange#resume}. Neither: wait, or it has ended. */
    record Next(List<Ask> asks, Optional<Duration> pause) {
        private static final Next NOTHING = new Next(List.of(), Optional.empty());
    }

    private static final class Participant {
        private final Member member;
        private State state = State.WAITING;
        private @Nullable List<String> keys;
        private String message = "";

        Participant(Member member) {
            this.member = member;
        }

        Host show() {
            List<String> known = keys;
            return new Host(member.name(), state, known == null ? List.of() : known, message);
        }
    }

    /** @param force goes on though a living host does not follow */
    KeyringChange(String operation, List<KeyringOrder> orders, boolean force) {
        this.operation = operation;
        this.orders = List.copyOf(orders);
        this.force = force;
    }

    /** Begins, or goes on after a pause. */
    Next resume(Pool pool) {
        if (ended) {
            return Next.NOTHING;
        }
        meet(pool);
        if (isBetweenOrders()) {
            Optional<String> refusal = at + 1 < orders.size() ? refusal(orders.get(at + 1)) : Optional.empty();
            if (refusal.isPresent() && !force) {
                end(refusal.get());
                return Next.NOTHING;
            }
            at++;
            round = 0;
            participants.values().forEach(each -> each.state = State.WAITING);
        }
        if (at >= orders.size()) {
            end("");
            return Next.NOTHING;
        }
        round++;
        return ask();
    }

    private boolean isBetweenOrders() {
        return at < 0 || participants.values().stream().noneMatch(each -> each.state != State.DONE) || round >= ROUNDS;
    }

    private void meet(Pool pool) {
        absent = pool.absent();
        Set<NodeId> living = new HashSet<>();
        for (Member member : pool.living()) {
            living.add(member.id());
            participants.computeIfAbsent(member.id(), id -> new Participant(member));
        }
        participants.keySet().retainAll(living);
    }

    private Next ask() {
        KeyringOrder order = orders.get(at);
        List<Ask> asks = new ArrayList<>();
        for (Participant participant : participants.values()) {
            if (participant.state == State.WAITING || participant.state == State.FAILED) {
                participant.state = State.ASKED;
                asks.add(new Ask(participant.member, order, removed(order)));
            }
        }
        unanswered = asks.size();
        return asks.isEmpty() ? new Next(List.of(), Optional.of(Duration.ZERO)) : new Next(asks, Optional.empty());
    }

    private List<String> removed(KeyringOrder order) {
        return switch (order.kind()) {
            case SHOW, INSTALL, USE -> List.of();
            case REMOVE -> List.of(order.key());
            case KEEP_ONLY -> {
                TreeSet<String> all = new TreeSet<>();
                participants.values().forEach(each -> all.addAll(each.keys == null ? List.of() : each.keys));
                all.remove(order.key());
                yield List.copyOf(all);
            }
        };
    }

    /** The host has done it, and has these keys now, the one it seals with first. */
    Next done(NodeId host, List<String> keys) {
        Participant participant = participants.get(host);
        if (participant == null || participant.state != State.ASKED) {
            return Next.NOTHING;
        }
        participant.state = State.DONE;
        participant.keys = List.copyOf(keys);
        participant.message = "";
        return answered();
    }

    /** The host did not do it. */
    Next failed(NodeId host, String why) {
        Participant participant = participants.get(host);
        if (participant == null || participant.state != State.ASKED) {
            return Next.NOTHING;
        }
        participant.state = State.FAILED;
        participant.keys = null;
        participant.message = why;
        return answered();
    }

    private Next answered() {
        unanswered--;
        if (unanswered > 0) {
            return Next.NOTHING;
        }
        boolean again = round < ROUNDS && participants.values().stream().anyMatch(each -> each.state == State.FAILED);
        boolean last = at + 1 == orders.size();
        if (!again && last) {
            end(leftBehind("did not follow", each -> each.state != State.DONE));
            return Next.NOTHING;
        }
        Duration pause = again ? FIRST_PAUSE.multipliedBy(1L << round - 1) : Duration.ZERO;
        return new Next(List.of(), Optional.of(pause));
    }

    /** Why the next step must not begin, with who would be lost. */
    private Optional<String> refusal(KeyringOrder next) {
        String lost = switch (next.kind()) {
            case SHOW, INSTALL -> "";
            case USE -> at < 0 ? "" : leftBehind("would be lost until it fetches the key", each -> !has(each, next));
            case REMOVE, KEEP_ONLY -> at < 0 ? "" : leftBehind("would be lost", each -> !canLose(each, next));
        };
        return lost.isEmpty() ? Optional.empty() : Optional.of(next.sentence() + " was not begun: " + lost);
    }

    private static boolean has(Participant each, KeyringOrder order) {
        List<String> keys = each.keys;
        return keys != null && keys.contains(order.key());
    }

    private static boolean canLose(Participant each, KeyringOrder order) {
        List<String> keys = each.keys;
        if (keys == null || keys.isEmpty()) {
            return false;
        }
        boolean sealsWithIt = keys.get(0).equals(order.key());
        return order.kind() == KeyringOrder.Kind.KEEP_ONLY ? sealsWithIt : !sealsWithIt;
    }

    private String leftBehind(String how, Predicate<Participant> isBehind) {
        List<Participant> behind =
                participants.values().stream().filter(isBehind).toList();
        if (behind.isEmpty()) {
            return "";
        }
        String names = behind.stream().limit(10).map(KeyringChange::named).collect(Collectors.joining("; "));
        String more = behind.size() > 10 ? "; and " + (behind.size() - 10) + " more" : "";
        return behind.size() + (behind.size() == 1 ? " living host " : " living hosts ") + how + ": " + names + more
                + " (see to it, then give the command again)";
    }

    private static String named(Participant each) {
        List<String> keys = each.keys;
        String why = !each.message.isEmpty()
                ? each.message
                : keys == null || keys.isEmpty() ? "its keys are not known" : "seals with key " + keys.get(0);
        return each.member.name() + " (" + why + ")";
    }

    private void end(String why) {
        ended = true;
        problem = why;
    }

    /** Stops here; hosts keep what they have. */
    void abandon(String why) {
        end(why);
    }

    boolean isEnded() {
        return ended;
    }

    KeyringProgress progress() {
        List<Host> hosts = new ArrayList<>();
        participants.values().forEach(each -> hosts.add(each.show()));
        absent.forEach(member -> hosts.add(
                new Host(member.name(), State.DOWN, List.of(), "down; it fetches the keys when it comes back")));
        String doing = at < 0 || at >= orders.size() ? "" : orders.get(at).sentence();
        return new KeyringProgress(operation, doing, !ended, problem, hosts);
    }
}
