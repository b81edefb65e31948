package io.culvert.testbed.bench.peers;

import io.culvert.catalog.CatalogSink;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.Weights;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.gossip.GossipListener;
import io.culvert.gossip.GossipPool;
import io.culvert.gossip.GossipSettings;
import io.culvert.gossip.HostPort;
import io.culvert.gossip.identity.NodeKey;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A process that is nothing but one member of a pool, with the pool's own settings. It takes commands as lines ({@code
 * join ADDRESS}, {@code change MARK}) and says what it learns as lines: {@code ready}, {@code member NAME}, {@code change
 * MARK}, {@code failed NAME}.
 */
public final class PoolMember {
    private static final int PORT = 7946;
    private static final String SERVICE = "web";
    private static final String MARK = "mark";

    private final NodeName name;
    private final IpAddress address;
    private final NodeKey key;
    private final PrintStream out;

    private PoolMember(NodeName name, IpAddress address, NodeKey key, PrintStream out) {
        this.name = name;
        this.address = address;
        this.key = key;
        this.out = out;
    }

    /** Arguments: name, address, data directory, pool key as its file has it. */
    public static void main(String[] arguments) throws IOException {
        SecureRandom random = new SecureRandom();
        PoolMember member = new PoolMember(
                new NodeName(arguments[0]),
                IpAddress.parse(arguments[1]),
                NodeKey.generate(random),
                new PrintStream(System.out, true, StandardCharsets.UTF_8));
        Keyring keyring = Keyring.of(PoolKey.of(java.util.Base64.getDecoder().decode(arguments[3])));
        GossipSettings settings = GossipSettings.lan(
                new GossipSettings.Listening(member.address, PORT, Optional.empty(), 8443), Path.of(arguments[2]));
        try (GossipPool pool = new GossipPool(
                settings,
                new GossipPool.Secrets(keyring, member.key),
                new GossipPool.Environment(SystemClocks.MONOTONIC, SystemClocks.WALL, random),
                member.new Teller(),
                new GossipListener() {})) {
            pool.start();
            pool.publish(member.content("0"));
            member.say("ready");
            member.obey(pool);
        }
    }

    private void obey(GossipPool pool) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = commands.readLine();
        while (line != null) {
            String[] words = line.split(" ", 2);
            if (words[0].equals("join")) {
                pool.join(List.of(new HostPort(words[1], PORT))).exceptionally(failed -> {
                    say("fault " + failed);
                    return 0;
                });
            } else if (words[0].equals("change")) {
                say("change " + words[1]);
                pool.publish(content(words[1]));
            } else {
                throw new IOException("command '" + line + "' (expected: join ADDRESS or change MARK)");
            }
            line = commands.readLine();
        }
    }

    private void say(String line) {
        out.println(line);
    }

    private NodeContent content(String mark) {
        ServiceInstance service = new ServiceInstance(
                SERVICE,
                new ServiceName(SERVICE),
                List.of(),
                Map.of(MARK, mark),
                "",
                80,
                "",
                Map.of(),
                Weights.DEFAULT,
                false,
                true,
                1);
        NodeRecord record = new NodeRecord(key.id(), name, address, "dc1", Map.of(), 8443, false, "1.0");
        return new NodeContent(record, List.of(service), List.of());
    }

    /** Says what was learned; called on the gossip loop only. A member counts when it is alive and its content is here. */
    private final class Teller implements CatalogSink {
        private final Map<NodeId, String> names = new HashMap<>();
        private final Set<NodeId> alive = new HashSet<>();

        @Override
        public void contentChanged(NodeContent content) {
            NodeId id = content.node().id();
            boolean isNew = names.put(id, content.node().name().text()) == null;
            if (isNew && alive.contains(id)) {
                say("member " + names.get(id));
            }
            for (ServiceInstance service : content.services()) {
                say("change " + service.meta().get(MARK));
            }
        }

        @Override
        public void livenessChanged(NodeId node, Liveness liveness) {
            String known = names.get(node);
            if (liveness == Liveness.ALIVE && alive.add(node) && known != null) {
                say("member " + known);
            } else if (liveness == Liveness.FAILED) {
                alive.remove(node);
                say("failed " + (known == null ? node : known));
            }
        }

        @Override
        public void forgotten(NodeId node) {
            names.remove(node);
            alive.remove(node);
        }
    }
}
