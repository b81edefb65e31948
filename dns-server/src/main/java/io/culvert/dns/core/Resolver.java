package io.culvert.dns.core;

import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogService;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.ServiceName;
import io.culvert.dns.core.Answer.Entry;
import io.culvert.dns.core.Answer.Extra;
import io.culvert.dns.core.ResourceData.Address;
import io.culvert.dns.core.ResourceData.Authority;
import io.culvert.dns.core.ResourceData.Location;
import io.culvert.dns.core.ResourceData.Pointer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says what is true about a name of the zone. Keeps an index of hosts: confined to one event loop. */
final class Resolver {
    /** Consul names at most so many of its servers. */
    private static final int NAME_SERVERS = 3;

    private static final int MESH_WEIGHT = 1;

    /** RFC 8482 section 4.2. */
    private static final ResourceData MINIMAL_ANY = new ResourceData.HostInformation("RFC8482", "");

    private final ZoneSettings settings;
    private final Map<String, DnsName> zones = new HashMap<>(); // filled once
    private final ServiceNames services;
    private final NodeNames nodes;
    private HostIndex hosts = HostIndex.NONE;

    Resolver(ZoneSettings settings) {
        this.settings = settings;
        this.services = new ServiceNames(settings);
        this.nodes = new NodeNames(settings);
        settings.domains().forEach(domain -> zones.put(domain, DnsName.known(domain)));
    }

    /** What a part of the resolver needs to know of the question. */
    record Asked(QuestionName name, int type, DnsName zone) {
        boolean wants(int held) {
            return RecordType.matches(type, held);
        }

        String domain() {
            return name.domain();
        }
    }

    /** Answers for a {@code name} that is in the zone. */
    Answer resolve(QuestionName name, int type, View view) {
        Answer answer = whole(name, type, view);
        return settings.minimalAny()
                        && type == RecordType.ANY
                        && !answer.entries().isEmpty()
                ? Answer.of(List.of(new Entry(MINIMAL_ANY, nodes.ttl())), answer.zone(), Answer.Freshness.NEVER)
                : answer;
    }

    private Answer whole(QuestionName name, int type, View view) {
        Asked asked = new Asked(name, type, zone(name.domain()));
        if (name.labels().isEmpty()) {
            return apex(asked, view);
        }
        NameForm form = NameForm.of(name.labels(), settings.datacenter());
        return switch (form.kind()) {
            case MESH -> mesh(asked, form, view);
            case SERVICE -> services.resolve(asked, form, view);
            case NODE -> nodes.node(asked, form, view);
            case ADDRESS -> address(asked, form, view);
            case NAME_SERVER -> nameServers(asked, view);
            case NON_TERMINAL -> Answer.noData(asked.zone());
            case QUERY, UNKNOWN -> Answer.nameError(asked.zone());
        };
    }

    /** Answers for a name under {@code in-addr.arpa} or {@code ip6.arpa}; nothing for an address not known here. */
    Optional<Answer> reverse(List<String> labels, int type, View view) {
        Optional<IpAddress> address = ReverseName.address(labels);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        boolean wanted = RecordType.matches(type, RecordType.PTR);
        DnsName zone = ReverseName.zone(labels);
        List<Entry> entries = new ArrayList<>();
        if (view.table().pool().contains(address.get())) {
            Optional<ServiceName> owner = view.table().owner(address.get()).filter(name -> isMesh(name, view));
            if (owner.isEmpty()) {
                return Optional.of(Answer.nameError(zone));
            }
            pointer(owner.get().folded() + "." + mainDomain()).ifPresent(entries::add);
        } else {
            List<CatalogNode> known = hosts(view).byAddress().getOrDefault(address.get(), List.of());
            if (known.isEmpty()) {
                return Optional.empty();
            }
            known.forEach(node -> nodes.name(node, mainDomain()).ifPresent(name -> entries.add(pointerTo(name))));
        }
        return Optional.of(Answer.of(wanted ? entries : List.of(), zone, Answer.Freshness.NEVER));
    }

    private static Optional<Entry> pointer(String text) {
        return DnsName.of(text).map(Resolver::pointerTo);
    }

    /** Consul never lets PTR records be kept. */
    private static Entry pointerTo(DnsName name) {
        return new Entry(new Pointer(RecordType.PTR, name), 0);
    }

    private String mainDomain() {
        return settings.domains().get(0);
    }

    private DnsName zone(String domain) {
        DnsName zone = zones.get(domain);
        if (zone == null) {
            throw new IllegalStateException("not a domain of this zone: " + domain);
        }
        return zone;
    }

    Authority authority(DnsName zone, View view) {
        ZoneSettings.Ttls ttls = settings.ttls();
        String text = zone.toString();
        return new Authority(
                DnsName.of("ns." + text).orElse(zone),
                DnsName.of("hostmaster." + text).orElse(zone),
                List.of(
                        (int) view.unixSeconds(),
                        (int) ttls.refresh().getSeconds(),
                        (int) ttls.retry().getSeconds(),
                        (int) ttls.expire().getSeconds(),
                        negativeSeconds()));
    }

    int negativeSeconds() {
        return (int) settings.ttls().negative().getSeconds();
    }

    private Answer apex(Asked asked, View view) {
        List<Entry> entries = new ArrayList<>();
        if (asked.wants(RecordType.SOA)) {
            entries.add(new Entry(authority(asked.zone(), view), negativeSeconds()));
        }
        if (asked.wants(RecordType.NS)) {
            entries.addAll(nodes.servers(hosts(view), asked.domain(), NAME_SERVERS));
        }
        return Answer.of(entries, asked.zone(), Answer.Freshness.NEVER);
    }

    /** The addresses of {@code ns.mesh}, the primary named by the SOA. */
    private Answer nameServers(Asked asked, View view) {
        List<Entry> entries = new ArrayList<>();
        for (CatalogNode server : hosts(view).servers()) {
            Address address = new Address(server.node().address());
            if (asked.wants(address.type()) && entries.size() < NAME_SERVERS) {
                entries.add(new Entry(address, nodes.ttl()));
            }
        }
        return Answer.of(entries, asked.zone(), Answer.Freshness.NEVER);
    }

    private HostIndex hosts(View view) {
        if (hosts.nodesIndex() != view.snapshot().nodesIndex()) {
            hosts = HostIndex.of(view.snapshot());
        }
        return hosts;
    }

    private static boolean isMesh(ServiceName name, View view) {
        return view.snapshot().service(name).filter(CatalogService::isMesh).isPresent();
    }

    /** A name of the mesh resolves also without a healthy instance: connections then fail fast, with a reason. */
    private Answer mesh(Asked asked, NameForm form, View view) {
        if (form.parts().size() != 1 || !form.datacenter().equals(settings.datacenter())) {
            return Answer.nameError(asked.zone());
        }
        String label = form.parts().get(0);
        Optional<CatalogService> service = QuestionName.catalogName(label)
                .flatMap(text -> view.snapshot().service(new ServiceName(text)))
                .filter(CatalogService::isMesh);
        if (service.isEmpty()) {
            return withoutService(asked, label, view);
        }
        ServiceName name = service.get().name();
        Optional<IpAddress> loopback = view.table().address(name);
        if (loopback.isEmpty()) {
            // The table follows the catalogue by a moment, or the pool is full: neither is "no such name".
            return Answer.serverFailure(asked.zone());
        }
        long index = service.get().index();
        return Answer.of(
                meshEntries(asked, service.get(), loopback.get()),
                asked.zone(),
                later -> later.snapshot()
                                .service(name)
                                .filter(now -> now.index() == index)
                                .isPresent()
                        && later.table().address(name).equals(loopback));
    }

    private Answer withoutService(Asked asked, String label, View view) {
        if (asked.name().labels().size() > 1) {
            return Answer.nameError(asked.zone());
        }
        return switch (NameForm.withoutService(label, settings.datacenter())) {
            case NAME_SERVER -> nameServers(asked, view);
            case NON_TERMINAL -> Answer.noData(asked.zone());
            default -> Answer.nameError(asked.zone());
        };
    }

    private List<Entry> meshEntries(Asked asked, CatalogService service, IpAddress loopback) {
        int ttl = (int) settings.ttls().mesh().getSeconds();
        Address address = new Address(loopback);
        if (asked.wants(RecordType.A)) {
            return List.of(new Entry(address, ttl));
        }
        DnsName target = DnsName.known(service.name().folded() + "." + asked.domain());
        List<Extra> extras = List.of(new Extra(target, address, ttl));
        return asked.type() != RecordType.SRV
                ? List.of()
                : service.instances().stream()
                        .filter(instance ->
                                instance.service().mesh() && instance.service().port() > 0)
                        .map(instance -> instance.service().port())
                        .distinct()
                        .map(port -> new Entry(new Location(MESH_WEIGHT, port, target), ttl, extras))
                        .toList();
    }

    private Answer address(Asked asked, NameForm form, View view) {
        boolean known = form.datacenter().equals(settings.datacenter())
                || hosts(view).datacenters().contains(form.datacenter());
        if (form.parts().size() != 1 || !known) {
            return Answer.nameError(asked.zone());
        }
        AddressLabel label = AddressLabel.read(form.parts().get(0));
        if (!label.exists()) {
            return Answer.nameError(asked.zone());
        }
        List<Entry> entries = label.address()
                .map(Address::new)
                .filter(address -> asked.wants(address.type()))
                .map(address -> List.of(new Entry(address, nodes.ttl())))
                .orElse(List.of());
        return Answer.of(entries, asked.zone(), Answer.Freshness.NEVER);
    }
}
