package io.culvert.agent.outputs;

import io.culvert.agent.outputs.OutputMessages.Outputs;
import io.culvert.agent.rpc.RpcClient;
import io.culvert.agent.rpc.RpcFailure;
import io.culvert.agent.rpc.RpcQuestion;
import io.culvert.agent.rpc.RpcTarget;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.clock.MonotonicClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Asks hosts for what their checks said. An answer counts for two seconds and a failure for ten, so that however many look
 * at once, a host is asked once, and a dead one seldom. Any thread.
 */
public final class RemoteOutputs implements CheckOutputs {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration ANSWER_COUNTS = Duration.ofSeconds(2);
    private static final Duration FAILURE_COUNTS = Duration.ofSeconds(10);
    /** Hosts asked for one reader. */
    static final int MOST_HOSTS = 32;
    /** Hosts whose answers are remembered, and so the most that are asked at one time. */
    static final int MOST_REMEMBERED = 128;

    private final RpcClient agents;
    private final Function<NodeId, Optional<RpcTarget>> address;
    private final MonotonicClock clock;
    private final Map<NodeId, Asked> asked = new LinkedHashMap<>(); // under its own lock; oldest first

    /** @param address where a host answers requests; empty while that is not known */
    public RemoteOutputs(RpcClient agents, Function<NodeId, Optional<RpcTarget>> address, MonotonicClock clock) {
        this.agents = agents;
        this.address = address;
        this.clock = clock;
    }

    /** One question to one host. */
    private record Asked(Set<String> checks, long at, CompletableFuture<Outputs> answer) {
        boolean counts(Set<String> wanted, long now) {
            if (!answer.isDone()) {
                return checks.containsAll(wanted);
            }
            Duration life = answer.isCompletedExceptionally() ? FAILURE_COUNTS : ANSWER_COUNTS;
            return now - at < life.toNanos() && (answer.isCompletedExceptionally() || checks.containsAll(wanted));
        }
    }

    @Override
    public Map<NodeId, Map<String, String>> of(List<Wanted> wanted) {
        long deadline = clock.nanos() + PATIENCE.toNanos();
        List<Open> open = new ArrayList<>();
        Map<NodeId, Map<String, String>> outputs = new HashMap<>();
        for (Wanted one : wanted) {
            CatalogNode host = one.host();
            if (!host.liveness().isRoutable()) {
                String state = host.liveness().name().toLowerCase(Locale.ROOT);
                outputs.put(host.id(), instead(one, "it is " + state));
            } else if (open.size() >= MOST_HOSTS) {
                outputs.put(host.id(), instead(one, "it was not asked, since " + MOST_HOSTS + " others were"));
            } else {
                open.add(new Open(one, ask(host.id(), one.checks())));
            }
        }
        for (Open question : open) {
            outputs.put(question.wanted().host().id(), await(question, deadline - clock.nanos()));
        }
        return outputs;
    }

    private record Open(Wanted wanted, CompletableFuture<Outputs> answer) {}

    private CompletableFuture<Outputs> ask(NodeId host, Set<String> checks) {
        long now = clock.nanos();
        synchronized (asked) {
            Asked known = asked.get(host);
            if (known != null && known.counts(checks, now)) {
                return known.answer();
            }
            CompletableFuture<Outputs> answer = start(host, checks);
            asked.remove(host);
            asked.put(host, new Asked(Set.copyOf(checks), now, answer));
            if (asked.size() > MOST_REMEMBERED) {
                Iterator<Asked> oldest = asked.values().iterator();
                oldest.next().answer().cancel(false);
                oldest.remove();
            }
            return answer;
        }
    }

    /** Hosts whose answers are remembered now. */
    int remembered() {
        synchronized (asked) {
            return asked.size();
        }
    }

    private CompletableFuture<Outputs> start(NodeId host, Set<String> checks) {
        Optional<RpcTarget> target = address.apply(host);
        if (target.isEmpty()) {
            return CompletableFuture.failedFuture(RpcFailure.refused("its address is not known"));
        }
        List<String> ids = new ArrayList<>(checks).subList(0, Math.min(checks.size(), OutputMessages.MOST_CHECKS));
        return agents.ask(
                List.of(target.get()),
                new RpcQuestion<>(
                        OutputMessages.OUTPUT, new OutputMessages.Wanted(ids), Outputs.class, true, PATIENCE));
    }

    private static Map<String, String> await(Open question, long nanos) {
        Wanted wanted = question.wanted();
        try {
            Outputs outputs = question.answer().get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            Map<String, String> shown = new HashMap<>(instead(wanted, "its answer had no room for it"));
            shown.putAll(outputs.outputs());
            shown.keySet().retainAll(wanted.checks());
            return shown;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return instead(wanted, "this agent is stopping");
        } catch (TimeoutException e) {
            return instead(wanted, "it did not answer within " + PATIENCE.toSeconds() + " s");
        } catch (ExecutionException | CancellationException e) {
            return instead(wanted, "it did not answer (" + why(e) + ")");
        }
    }

    private static String why(Throwable failure) {
        RpcFailure known = RpcFailure.in(failure);
        return known == null ? "too many hosts are asked at once" : String.valueOf(known.getMessage());
    }

    private static Map<String, String> instead(Wanted wanted, String why) {
        String sentence = "the output is on host " + wanted.host().node().name() + ": " + why;
        Map<String, String> all = new HashMap<>();
        wanted.checks().forEach(check -> all.put(check, sentence));
        return all;
    }
}
