package io.culvert.proxy.balance;

import io.culvert.catalog.CatalogInstance;
import io.culvert.catalog.CatalogService;
import io.culvert.catalog.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Picks instances and remembers how they did, for all event loops of this agent together. Any thread; the random source
 * must stand that too.
 */
public final class Balancer {
    private final RandomGenerator random;
    private final Map<InstanceKey, Integer> active = new ConcurrentHashMap<>();
    private final Map<InstanceKey, Ejection> instances = new ConcurrentHashMap<>();
    private final Map<NodeId, Ejection> hosts = new ConcurrentHashMap<>();

    public Balancer(RandomGenerator random) {
        this.random = random;
    }

    /** The instance for the next stream, without those in {@code tried}; empty when none is left that may be chosen. */
    public Optional<CatalogInstance> pick(CatalogService service, Set<InstanceKey> tried, long now) {
        List<Picker.Candidate> candidates = new ArrayList<>();
        List<CatalogInstance> open = new ArrayList<>();
        for (CatalogInstance instance : service.instances()) {
            int weight = instance.weight();
            if (instance.service().mesh() && instance.isRoutable() && weight > 0) {
                InstanceKey key = InstanceKey.of(instance);
                candidates.add(new Picker.Candidate(key, activeStreams(key), weight, isEjected(key, now)));
                open.add(instance);
            }
        }
        return Picker.pick(candidates, tried, random).map(chosen -> open.get(candidates.indexOf(chosen)));
    }

    /** Why nothing could be picked, for people. */
    public static String explain(CatalogService service) {
        List<String> states = new ArrayList<>();
        for (CatalogInstance instance : service.instances()) {
            if (instance.service().mesh() && states.size() < 5) {
                states.add(instance.service().id() + " on "
                        + instance.host().node().name() + " is "
                        + (instance.host().liveness().isRoutable()
                                ? instance.status().word()
                                : "unreachable, its host has failed"));
            }
        }
        return states.isEmpty()
                ? "no instance of " + service.name() + " is open to the mesh (its service file has no connect block)"
                : "no instance of " + service.name() + " takes streams: " + String.join("; ", states);
    }

    /** A stream to it has begun; {@link #streamEnded} must follow. */
    public void streamBegun(InstanceKey key) {
        active.merge(key, 1, Integer::sum);
    }

    public void streamEnded(InstanceKey key) {
        active.computeIfPresent(key, (present, count) -> count <= 1 ? null : count - 1);
    }

    /** The application of this instance did not accept. */
    public void instanceFailed(InstanceKey key, long now) {
        instances.merge(key, Ejection.NONE.failed(now, random), (before, first) -> before.failed(now, random));
    }

    /** The agent of this host could not be reached: counts for all its instances. */
    public void hostFailed(NodeId host, long now) {
        hosts.merge(host, Ejection.NONE.failed(now, random), (before, first) -> before.failed(now, random));
    }

    public void succeeded(InstanceKey key) {
        if (!instances.isEmpty()) {
            instances.remove(key);
        }
        if (!hosts.isEmpty()) {
            hosts.remove(key.host());
        }
    }

    /** Forgets what no longer exists, so that the tables stay as small as the catalogue. */
    public void retain(Set<NodeId> known) {
        hosts.keySet().retainAll(known);
        instances.keySet().removeIf(key -> !known.contains(key.host()));
    }

    int activeStreams(InstanceKey key) {
        return active.getOrDefault(key, 0);
    }

    private boolean isEjected(InstanceKey key, long now) {
        Ejection instance = instances.get(key);
        Ejection host = hosts.get(key.host());
        return instance != null && instance.isEjected(now) || host != null && host.isEjected(now);
    }
}
