package io.culvert.dns.core;

import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.NodeName;
import io.culvert.dns.core.Answer.Entry;
import io.culvert.dns.core.Answer.Extra;
import io.culvert.dns.core.Resolver.Asked;
import io.culvert.dns.core.ResourceData.Address;
import io.culvert.dns.core.ResourceData.Pointer;
import io.culvert.dns.core.ResourceData.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Names of hosts: {@code db-1.node.mesh}. */
final class NodeNames {
    /** Consul's way to let a host say a whole TXT, without {@code key=}. */
    private static final String BARE_TEXT_PREFIX = "rfc1035-";

    /** Longest name of a catalogue's node. */
    private static final int LONGEST_NODE_NAME = 128;

    private final ZoneSettings settings;

    NodeNames(ZoneSettings settings) {
        this.settings = settings;
    }

    int ttl() {
        return (int) settings.ttls().node().getSeconds();
    }

    /** A host is found also while it is down, as Consul does. A name may hold dots. */
    Answer node(Asked asked, NameForm form, View view) {
        String joined = String.join(".", form.parts());
        Optional<CatalogNode> node = QuestionName.catalogName(joined)
                .filter(text -> text.length() <= LONGEST_NODE_NAME)
                .flatMap(text -> view.snapshot().node(new NodeName(text)))
                .filter(found -> found.node().datacenter().equalsIgnoreCase(form.datacenter()));
        if (node.isEmpty()) {
            return Answer.nameError(asked.zone());
        }
        NodeName name = node.get().node().name();
        long index = node.get().modifyIndex();
        return Answer.of(
                entries(asked, node.get()),
                asked.zone(),
                later -> later.snapshot()
                        .node(name)
                        .filter(now -> now.modifyIndex() == index)
                        .isPresent());
    }

    private List<Entry> entries(Asked asked, CatalogNode node) {
        List<Entry> entries = new ArrayList<>();
        Address address = new Address(node.node().address());
        if (asked.wants(address.type())) {
            entries.add(new Entry(address, ttl()));
        }
        if (asked.wants(RecordType.TXT)) {
            for (Map.Entry<String, String> meta : new TreeMap<>(node.node().meta()).entrySet()) {
                entries.add(new Entry(new Text(text(meta.getKey(), meta.getValue())), ttl()));
            }
        }
        return entries;
    }

    /** RFC 1464: {@code key=value}, with a backquote before a backquote or an equals sign in the key. */
    private static String text(String key, String value) {
        return key.toLowerCase(Locale.ROOT).startsWith(BARE_TEXT_PREFIX)
                ? value
                : key.replace("`", "``").replace("=", "`=") + "=" + value;
    }

    /** {@code NODE.node.DC.DOMAIN}, when that is a domain name. */
    Optional<DnsName> name(CatalogNode node, String domain) {
        String name = node.node().name().folded();
        return DnsName.of(name + ".node." + node.node().datacenter().toLowerCase(Locale.ROOT) + "." + domain);
    }

    /** NS records for at most {@code most} of the servers, with their addresses. */
    List<Entry> servers(HostIndex hosts, String domain, int most) {
        List<Entry> entries = new ArrayList<>();
        for (CatalogNode server : hosts.servers()) {
            Optional<DnsName> name = name(server, domain);
            if (name.isPresent() && entries.size() < most) {
                Extra glue = new Extra(name.get(), new Address(server.node().address()), ttl());
                entries.add(new Entry(new Pointer(RecordType.NS, name.get()), ttl(), List.of(glue)));
            }
        }
        return entries;
    }
}
