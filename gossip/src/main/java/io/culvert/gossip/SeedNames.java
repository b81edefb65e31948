package io.culvert.gossip;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.wire.PeerAddress;
import io.netty.util.concurrent.EventExecutor;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of hosts that people wrote down. Every name is looked up anew at each try, off the loop. A resolver that
 * hangs delays a round by {@value #PATIENCE_MILLIS} ms at most; what it says later counts in the next one. While it fails,
 * a name stands for what it stood for last. Confined to the loop.
 */
final class SeedNames {
    static final long PATIENCE_MILLIS = 2_000;
    /** Addresses of one name that are tried: a name with more is a mistake or an attack. */
    static final int MOST_ADDRESSES = 32;
    /** Names that are remembered; the rest has to be looked up well to count. */
    private static final int MOST_NAMES = 1_024;

    private final EventExecutor loop;
    private final Executor workers;
    private final NameLookup lookup;
    private final Map<String, List<IpAddress>> known = new HashMap<>();
    private final Map<String, String> problems = new TreeMap<>();
    private final Map<String, CompletableFuture<@Nullable Void>> pending = new HashMap<>();

    /** @param workers run look-ups, which block */
    SeedNames(EventExecutor loop, Executor workers, NameLookup lookup) {
        this.loop = loop;
        this.workers = workers;
        this.lookup = lookup;
    }

    /**
     * What came of one try.
     *
     * @param addresses in the order of the hosts, each once
     * @param unresolved a sentence for each name that the resolver did not answer well
     */
    record Resolved(Set<PeerAddress> addresses, List<String> unresolved) {}

    /** Looks all of {@code hosts} up; {@code done} hears the result on the loop. */
    void resolve(List<HostPort> hosts, Consumer<Resolved> done) {
        Set<String> names = new LinkedHashSet<>();
        for (HostPort host : hosts) {
            if (IpAddress.tryParse(host.host()).isEmpty()) {
                names.add(host.host());
            }
        }
        CompletableFuture<Void> all =
                CompletableFuture.allOf(names.stream().map(this::lookUp).toArray(CompletableFuture<?>[]::new));
        Future<?> patience = loop.schedule(() -> all.complete(null), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        all.whenComplete((unused, failure) -> {
            patience.cancel(false);
            pending.keySet().stream()
                    .filter(names::contains)
                    .forEach(name -> problems.put(name, "the resolver has not answered yet"));
            done.accept(result(hosts, names));
        });
    }

    private CompletableFuture<@Nullable Void> lookUp(String name) {
        CompletableFuture<@Nullable Void> running = pending.get(name);
        if (running != null) {
            return running;
        }
        CompletableFuture<@Nullable Void> answered = new CompletableFuture<>();
        pending.put(name, answered);
        workers.execute(() -> {
            Answer answer = ask(name);
            loop.execute(() -> {
                pending.remove(name);
                keep(name, answer);
                answered.complete(null);
            });
        });
        return answered;
    }

    private record Answer(List<IpAddress> addresses, Optional<String> problem) {}

    private Answer ask(String name) {
        try {
            List<IpAddress> addresses = lookup.addressesOf(name);
            return new Answer(addresses.stream().limit(MOST_ADDRESSES).toList(), Optional.empty());
        } catch (UnknownHostException unknown) {
            return new Answer(List.of(), Optional.of("no such name, or no resolver answers"));
        }
    }

    private void keep(String name, Answer answer) {
        if (known.size() >= MOST_NAMES || problems.size() >= MOST_NAMES) {
            known.clear();
            problems.clear();
        }
        if (answer.problem().isPresent()) {
            problems.put(name, answer.problem().get());
        } else {
            problems.remove(name);
            known.put(name, answer.addresses());
        }
    }

    private Resolved result(List<HostPort> hosts, Set<String> names) {
        Set<PeerAddress> addresses = new LinkedHashSet<>();
        for (HostPort host : hosts) {
            List<IpAddress> found = IpAddress.tryParse(host.host())
                    .map(List::of)
                    .orElseGet(() -> known.getOrDefault(host.host(), List.of()));
            found.forEach(address -> addresses.add(new PeerAddress(address, host.port())));
        }
        List<String> unresolved = problems.entrySet().stream()
                .filter(problem -> names.contains(problem.getKey()))
                .map(problem -> problem.getKey() + ": " + problem.getValue())
                .toList();
        return new Resolved(addresses, unresolved);
    }
}
