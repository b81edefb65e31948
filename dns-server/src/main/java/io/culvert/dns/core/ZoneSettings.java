package io.culvert.dns.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the zone answers.
 *
 * @param domains names of the zone, the main one first; answers stay in the one that was asked. Default {@code mesh},
 *     {@code consul}
 * @param datacenter of this host; names without a datacenter mean this one. Default {@code dc1}
 * @param onlyPassing leaves out instances with a warning; the default, false, is Consul's
 * @param ttls times to live
 * @param limits how many records an answer holds at most
 * @param minimalAny answers ANY with one HINFO (RFC 8482) instead of the addresses, as Consul does; default false
 * @param recursion whether names outside the zone can be passed on to recursors; sets RA
 */
public record ZoneSettings(
        List<String> domains,
        String datacenter,
        boolean onlyPassing,
        Ttls ttls,
        Limits limits,
        boolean minimalAny,
        boolean recursion) {
    public static final ZoneSettings DEFAULT =
            new ZoneSettings(List.of("mesh", "consul"), "dc1", false, Ttls.DEFAULT, Limits.NONE, false, false);

    public ZoneSettings {
        List<String> folded = new ArrayList<>();
        for (String domain : domains) {
            folded.add(checkedDomain(domain));
        }
        if (folded.isEmpty()) {
            throw new IllegalArgumentException("dns domains: none (expected: at least one, such as mesh)");
        }
        domains = List.copyOf(folded);
        if (datacenter.isEmpty()) {
            throw new IllegalArgumentException("dns datacenter: '' (expected: the name of this host's datacenter)");
        }
        datacenter = datacenter.toLowerCase(Locale.ROOT);
    }

    private static String checkedDomain(String domain) {
        String folded = domain.toLowerCase(Locale.ROOT);
        String text = folded.endsWith(".") ? folded.substring(0, folded.length() - 1) : folded;
        if (DnsName.of(text).isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("dns domain: '" + domain + "' (expected: a domain name such as mesh)");
        }
        return text;
    }

    public ZoneSettings withRecursion(boolean recurses) {
        return new ZoneSettings(domains, datacenter, onlyPassing, ttls, limits, minimalAny, recurses);
    }

    /**
     * Times to live; whole seconds, 0 to 2^31-1. The defaults are 0, as Consul's: every change is seen by the next
     * question. Longer ones save questions and delay changes.
     *
     * @param mesh of loopback addresses, which hardly ever change
     * @param node of node names
     * @param services by service name: exact, else the longest {@code prefix*}, else {@code *}
     * @param negative how long resolvers may keep "no such name"; minimum and time to live of the SOA
     * @param refresh of the SOA
     * @param retry of the SOA
     * @param expire of the SOA
     */
    public record Ttls(
            Duration mesh,
            Duration node,
            Map<String, Duration> services,
            Duration negative,
            Duration refresh,
            Duration retry,
            Duration expire) {
        public static final Ttls DEFAULT = new Ttls(
                Duration.ZERO,
                Duration.ZERO,
                Map.of(),
                Duration.ZERO,
                Duration.ofHours(1),
                Duration.ofMinutes(10),
                Duration.ofDays(1));

        public Ttls {
            services = Map.copyOf(services);
            List<Duration> all = new ArrayList<>(services.values());
            all.addAll(List.of(mesh, node, negative, refresh, retry, expire));
            for (Duration ttl : all) {
                if (ttl.isNegative() || ttl.getSeconds() > Integer.MAX_VALUE) {
                    throw new IllegalArgumentException("dns ttl: " + ttl + " (expected: 0 to 2147483647 seconds)");
                }
            }
        }

        /** Seconds for the service of this lower case name. */
        int serviceSeconds(String name) {
            int longest = -1;
            Duration chosen = Duration.ZERO;
            for (Map.Entry<String, Duration> entry : services.entrySet()) {
                String pattern = entry.getKey().toLowerCase(Locale.ROOT);
                boolean exact = pattern.equals(name);
                boolean prefix = pattern.endsWith("*") && name.startsWith(pattern.substring(0, pattern.length() - 1));
                int rank = exact ? Integer.MAX_VALUE : prefix ? pattern.length() : -1;
                if (rank > longest) {
                    longest = rank;
                    chosen = entry.getValue();
                }
            }
            return (int) chosen.getSeconds();
        }
    }

    /**
     * How many records; 0 is no limit beside the size of the message. An answer cut by these is a fair sample and does
     * not ask the client to come again by TCP.
     *
     * @param addresses of an A or AAAA answer (Consul's {@code a_record_limit})
     * @param udpAnswers of any answer over UDP to a client without EDNS (Consul's {@code udp_answer_limit}, there 3)
     */
    public record Limits(int addresses, int udpAnswers) {
        public static final Limits NONE = new Limits(0, 0);

        public Limits {
            if (addresses < 0 || udpAnswers < 0) {
                throw new IllegalArgumentException("dns limits: addresses " + addresses + ", udp answers " + udpAnswers
                        + " (expected: 0 or more)");
            }
        }

        /** How many of {@code available} records may be sent. */
        int count(int available, int type, boolean plainUdp) {
            int count = available;
            if (addresses > 0 && (type == RecordType.A || type == RecordType.AAAA || type == RecordType.ANY)) {
                count = Math.min(count, addresses);
            }
            return udpAnswers > 0 && plainUdp ? Math.min(count, udpAnswers) : count;
        }
    }
}
