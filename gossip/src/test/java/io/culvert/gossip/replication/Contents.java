package io.culvert.gossip.replication;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceInstance.TaggedAddress;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Contents for tests. */
final class Contents {
    private Contents() {}

    static NodeRecord node(NodeId id) {
        return new NodeRecord(
                id,
                new NodeName("db-" + id.low()),
                IpAddress.parse("10.0.0.7"),
                "dc1",
                Map.of("rack", "r1"),
                8443,
                false,
                "0.1.0");
    }

    /** A host with {@code services} instances, each with one check of that status. */
    static NodeContent of(NodeId id, int services, CheckStatus status) {
        List<ServiceInstance> instances = new ArrayList<>();
        List<CheckState> checks = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            instances.add(ServiceInstance.of("web-" + i, "web", 8_000 + i));
            checks.add(check("check-" + i, "web-" + i, status));
        }
        return new NodeContent(node(id), instances, checks);
    }

    static CheckState check(String id, String serviceId, CheckStatus status) {
        return new CheckState(id, "alive?", status, serviceId, "tcp", "");
    }

    static NodeContent withStatus(NodeContent content, int check, CheckStatus status) {
        List<CheckState> checks = new ArrayList<>(content.checks());
        checks.set(check, checks.get(check).withStatus(status));
        return new NodeContent(content.node(), content.services(), checks);
    }

    /** Something else to publish: a service added, removed or changed, or a check flipped. */
    static NodeContent mutated(NodeContent content, SplittableRandom random) {
        List<ServiceInstance> services = new ArrayList<>(content.services());
        List<CheckState> checks = new ArrayList<>(content.checks());
        int choice = random.nextInt(4);
        if (choice == 0 || checks.isEmpty()) {
            String id = "svc-" + random.nextInt(1_000_000);
            services.add(randomService(random, id));
            checks.add(check("check-" + id, id, randomStatus(random)));
        } else if (choice == 1) {
            int gone = random.nextInt(checks.size());
            String service = checks.remove(gone).serviceId();
            services.removeIf(instance -> instance.id().equals(service));
        } else if (choice == 2) {
            int changed = random.nextInt(services.size());
            services.set(changed, randomService(random, services.get(changed).id()));
        } else {
            int flipped = random.nextInt(checks.size());
            checks.set(flipped, checks.get(flipped).withStatus(randomStatus(random)));
        }
        return new NodeContent(content.node(), services, checks);
    }

    static CheckStatus randomStatus(SplittableRandom random) {
        return CheckStatus.values()[random.nextInt(CheckStatus.values().length)];
    }

    static ServiceInstance randomService(SplittableRandom random, String id) {
        List<String> tags = new ArrayList<>();
        Map<String, String> meta = new HashMap<>();
        Map<String, TaggedAddress> tagged = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.add("tag-" + random.nextInt(100));
            meta.put("key-" + random.nextInt(100), "grün " + random.nextInt());
            tagged.put("net-" + random.nextInt(100), new TaggedAddress("10.1.1." + i, random.nextInt(65_536)));
        }
        return new ServiceInstance(
                id,
                new ServiceName("svc" + random.nextInt(10)),
                tags,
                meta,
                random.nextBoolean() ? "" : "10.9.9.9",
                random.nextInt(65_536),
                random.nextBoolean() ? "" : "/run/app.sock",
                tagged,
                new Weights(1 + random.nextInt(100), random.nextInt(100)),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(Integer.MAX_VALUE));
    }
}
