package io.culvert.testbed.strangers;

import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * {@code StrangerProgram SETTINGS KIND=FROM:TIMES...}: pays each kind of visit so often, from that address, and prints
 * {@code visit KIND: OUTCOME} for each.
 *
 * <p>Settings: {@code target}, {@code tls}, {@code gossip} (address and ports), {@code server-data}, {@code agent-data}
 * (folders to steal from), {@code datacenter}, {@code overheard} (what {@link Overheard} reads), {@code seed}.
 */
public final class StrangerProgram {
    /** Begins each line of an outcome. */
    public static final String VISIT = "visit ";

    private StrangerProgram() {}

    public static void main(String[] arguments) throws IOException {
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings.load(reader);
        }
        Map<String, Visit> visits = visits(settings);
        for (String plan : List.of(arguments).subList(1, arguments.length)) {
            String[] parts = plan.split("[=:]");
            Visit visit = visits.get(parts[0]);
            if (visit == null) {
                throw new IllegalArgumentException("visit " + parts[0] + " (expected: one of " + visits.keySet() + ")");
            }
            for (int times = Integer.parseInt(parts[2]); times > 0; times--) {
                System.out.println(VISIT + parts[0] + ": " + visit.pay(InetAddress.getByName(parts[1])));
            }
        }
    }

    private static Map<String, Visit> visits(Properties settings) throws IOException {
        InetAddress target = InetAddress.getByName(settings.getProperty("target"));
        InetSocketAddress tls = new InetSocketAddress(target, number(settings, "tls"));
        InetSocketAddress gossip = new InetSocketAddress(target, number(settings, "gossip"));
        long seed = Long.parseLong(settings.getProperty("seed"));
        Loot loot = new Loot(
                Path.of(settings.getProperty("server-data")),
                Path.of(settings.getProperty("agent-data")),
                settings.getProperty("datacenter"));
        List<byte[]> overheard =
                Overheard.datagrams(Path.of(settings.getProperty("overheard")), target.getAddress(), gossip.getPort());
        System.out.println("overheard " + overheard.size() + " packets of the pool, seed " + seed);
        Map<String, Visit> visits = new LinkedHashMap<>();
        visits.putAll(TlsVisits.all(tls, loot));
        visits.putAll(RawVisits.all(tls, gossip, seed));
        visits.putAll(GossipVisits.all(gossip, overheard, seed));
        return visits;
    }

    private static int number(Properties settings, String name) {
        return Integer.parseInt(settings.getProperty(name));
    }
}
