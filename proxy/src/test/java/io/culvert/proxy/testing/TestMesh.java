package io.culvert.proxy.testing;

import io.culvert.catalog.Catalog;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.proxy.ProxySettings;
import io.culvert.proxy.relay.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Several hosts in one process that share a catalogue, an authority and intentions. */
public final class TestMesh implements AutoCloseable {
    private final TestAuthority authority = new TestAuthority("test.culvert");
    private final Catalog catalog = new Catalog();
    private final MutableIntentions intentions = new MutableIntentions();
    private final List<TestHost> hosts = new ArrayList<>();

    public TestHost host(String name) throws IOException {
        return host(name, ProxySettings.DEFAULT);
    }

    public TestHost host(String name, ProxySettings settings) throws IOException {
        return host(name, settings, Transport.best());
    }

    public TestHost host(String name, ProxySettings settings, Transport transport) throws IOException {
        TestHost host = new TestHost(this, name, hosts.size() + 1, settings, transport);
        hosts.add(host);
        return host;
    }

    public TestAuthority authority() {
        return authority;
    }

    public CatalogView catalog() {
        return catalog;
    }

    public MutableIntentions intentions() {
        return intentions;
    }

    void publish(NodeContent content) {
        catalog.contentChanged(content);
    }

    public void liveness(NodeId node, Liveness liveness) {
        catalog.livenessChanged(node, liveness);
    }

    @Override
    public void close() {
        hosts.forEach(TestHost::close);
    }
}
