package io.culvert.dns.core;

import io.culvert.catalog.CatalogInstance;
import io.culvert.catalog.CatalogService;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.ServiceName;
import io.culvert.dns.core.Answer.Entry;
import io.culvert.dns.core.Answer.Extra;
import io.culvert.dns.core.Resolver.Asked;
import io.culvert.dns.core.ResourceData.Address;
import io.culvert.dns.core.ResourceData.Location;
import io.culvert.dns.core.ResourceData.Pointer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Names of instances by Consul's rules: {@code [TAG.]web.service.mesh}, {@code _web._tag.service.mesh}. */
final class ServiceNames {
    /** Stands for "no tag" in names of RFC 2782. */
    private static final String ANY_TAG = "tcp";

    private final ZoneSettings settings;
    private final NodeNames nodes;

    ServiceNames(ZoneSettings settings) {
        this.settings = settings;
        this.nodes = new NodeNames(settings);
    }

    /**
     * @param tag in lower case; empty: every instance
     */
    private record Wanted(String name, String tag, String datacenter) {
        static Wanted of(NameForm form) {
            List<String> parts = form.parts();
            int last = parts.size() - 1;
            if (parts.size() == 2 && NameForm.isUnderscored(parts.get(0)) && NameForm.isUnderscored(parts.get(1))) {
                String tag = parts.get(1).substring(1);
                return new Wanted(parts.get(0).substring(1), tag.equals(ANY_TAG) ? "" : tag, form.datacenter());
            }
            return new Wanted(parts.get(last), String.join(".", parts.subList(0, last)), form.datacenter());
        }

        boolean accepts(CatalogInstance instance) {
            return instance.host().node().datacenter().equalsIgnoreCase(datacenter)
                    && (tag.isEmpty()
                            || instance.service().tags().stream().anyMatch(each -> each.equalsIgnoreCase(tag)));
        }
    }

    Answer resolve(Asked asked, NameForm form, View view) {
        Wanted wanted = Wanted.of(form);
        Optional<CatalogService> service = QuestionName.catalogName(wanted.name())
                .flatMap(text -> view.snapshot().service(new ServiceName(text)));
        List<CatalogInstance> usable = service.stream()
                .flatMap(found -> found.instances().stream())
                .filter(wanted::accepts)
                .filter(this::isUsable)
                .toList();
        if (service.isEmpty() || usable.isEmpty()) {
            return Answer.nameError(asked.zone());
        }
        ServiceName name = service.get().name();
        long index = service.get().index();
        int ttl = settings.ttls().serviceSeconds(name.folded());
        return Answer.of(
                asked.type() == RecordType.SRV ? locations(usable, asked.domain(), ttl) : addresses(asked, usable, ttl),
                asked.zone(),
                later -> later.snapshot()
                        .service(name)
                        .filter(now -> now.index() == index)
                        .isPresent());
    }

    private boolean isUsable(CatalogInstance instance) {
        CheckStatus status = instance.status();
        return settings.onlyPassing() ? status == CheckStatus.PASSING : status != CheckStatus.CRITICAL;
    }

    /** Each address once; where only host names are known, those as aliases. */
    private static List<Entry> addresses(Asked asked, List<CatalogInstance> instances, int ttl) {
        Set<ResourceData> addresses = new LinkedHashSet<>();
        Set<ResourceData> aliases = new LinkedHashSet<>();
        for (CatalogInstance instance : instances) {
            String text = instance.effectiveAddress();
            Optional<IpAddress> address = IpAddress.tryParse(text);
            address.map(Address::new).ifPresent(addresses::add);
            if (address.isEmpty()) {
                DnsName.of(text).ifPresent(name -> aliases.add(new Pointer(RecordType.CNAME, name)));
            }
        }
        boolean asksForAddress = asked.wants(RecordType.A) || asked.wants(RecordType.AAAA);
        Set<ResourceData> chosen = addresses.isEmpty() ? aliases : addresses;
        return chosen.stream()
                .filter(data -> asked.wants(data.type()) || asksForAddress && data.type() == RecordType.CNAME)
                .map(data -> new Entry(data, ttl))
                .toList();
    }

    private List<Entry> locations(List<CatalogInstance> instances, String domain, int ttl) {
        List<Entry> entries = new ArrayList<>();
        Set<List<Object>> seen = new HashSet<>();
        for (CatalogInstance instance : instances) {
            Optional<IpAddress> address = IpAddress.tryParse(instance.effectiveAddress());
            Optional<DnsName> target = target(instance, address, domain);
            int port = instance.service().port();
            if (target.isPresent() && seen.add(List.of(target.get(), port))) {
                List<Extra> extras = address.map(found -> List.of(new Extra(target.get(), new Address(found), ttl)))
                        .orElse(List.of());
                entries.add(new Entry(new Location(instance.weight(), port, target.get()), ttl, extras));
            }
        }
        return entries;
    }

    /** The node's name without an address of its own; else the address as a name; a host name is its own target. */
    private Optional<DnsName> target(CatalogInstance instance, Optional<IpAddress> address, String domain) {
        if (address.isEmpty()) {
            return DnsName.of(instance.effectiveAddress());
        }
        String datacenter = instance.host().node().datacenter().toLowerCase(Locale.ROOT);
        Optional<DnsName> spelled = DnsName.of(address.get().toHex() + ".addr." + datacenter + "." + domain);
        return instance.service().address().isEmpty()
                ? nodes.name(instance.host(), domain).or(() -> spelled)
                : spelled;
    }
}
