package io.culvert.agent.bridge;

import io.culvert.agent.config.AgentSettings;
import io.culvert.agent.config.NameSettings;
import io.culvert.agent.config.PoolSettings;
import io.culvert.agent.http.HttpApiSettings;
import io.culvert.agent.life.DataDirectory;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.dns.DnsSettings;
import io.culvert.dns.core.ZoneSettings;
import io.culvert.gossip.GossipSettings;
import io.culvert.gossip.HostPort;
import io.culvert.gossip.identity.PoolLabel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The agent's settings in the words of each room. */
public final class RoomSettings {
    private static final int DNS_PORT = 53;

    private final AgentSettings settings;
    private final DataDirectory data;

    public RoomSettings(AgentSettings settings, DataDirectory data) {
        this.settings = settings;
        this.data = data;
    }

    /**
     * @param advertised where others reach this host
     * @param server whether it carries the role
     * @param retryJoin members to be asked, besides those in the settings
     */
    public GossipSettings gossip(IpAddress advertised, boolean server, List<HostPort> retryJoin, PoolLabel label) {
        PoolSettings pool = settings.gossip();
        GossipSettings.Listening listening = new GossipSettings.Listening(
                settings.node().bind(),
                settings.ports().gossip(),
                Optional.of(advertised),
                settings.ports().tls());
        List<HostPort> all = new ArrayList<>();
        pool.retryJoin().forEach(host -> all.add(new HostPort(host.host(), host.port())));
        all.addAll(retryJoin);
        return new GossipSettings(
                label, listening, server, data.resolve("gossip"), all, pool.retryInterval(), pool.timing());
    }

    /** Nothing when DNS is off. */
    public Optional<DnsSettings> dns() {
        if (settings.ports().dns().isEmpty()) {
            return Optional.empty();
        }
        NameSettings names = settings.dns();
        List<String> domains = new ArrayList<>(List.of(names.domain()));
        if (!names.altDomain().isEmpty()) {
            domains.add(names.altDomain());
        }
        ZoneSettings.Ttls defaults = ZoneSettings.Ttls.DEFAULT;
        ZoneSettings zone = new ZoneSettings(
                domains,
                settings.node().datacenter(),
                names.onlyPassing(),
                new ZoneSettings.Ttls(
                        names.meshTtl(),
                        names.nodeTtl(),
                        names.serviceTtl(),
                        names.negativeTtl(),
                        defaults.refresh(),
                        defaults.retry(),
                        defaults.expire()),
                ZoneSettings.Limits.NONE,
                false,
                !names.recursors().isEmpty());
        String host = settings.api().bind().toString();
        List<DnsSettings.Bind> binds = new ArrayList<>();
        binds.add(new DnsSettings.Bind(
                new InetSocketAddress(host, settings.ports().dns().getAsInt()), true));
        if (names.port53() && settings.ports().dns().getAsInt() != DNS_PORT) {
            binds.add(new DnsSettings.Bind(new InetSocketAddress(host, DNS_PORT), false));
        }
        return Optional.of(new DnsSettings(
                zone,
                binds,
                names.recursors().stream().map(RoomSettings::socket).toList(),
                DnsSettings.Limits.DEFAULT));
    }

    /** @param user uid of this process */
    public HttpApiSettings api(int user) {
        OptionalInt port = settings.ports().http();
        return new HttpApiSettings(
                port.isPresent()
                        ? Optional.of(
                                new InetSocketAddress(settings.api().bind().toString(), port.getAsInt()))
                        : Optional.empty(),
                settings.api().socket(),
                Optional.of(settings.api().socketGroup()).filter(group -> !group.isEmpty()),
                settings.api().socketMode(),
                Set.of(),
                user,
                HttpApiSettings.DEFAULT_HOST_NAMES,
                HttpApiSettings.Limits.DEFAULT,
                HttpApiSettings.DEFAULT_WAIT,
                HttpApiSettings.LONGEST_WAIT);
    }

    private static InetSocketAddress socket(TcpEndpoint endpoint) {
        try {
            return new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("dns recursor: '" + endpoint.host() + "' (expected: an IP address)", e);
        }
    }
}
