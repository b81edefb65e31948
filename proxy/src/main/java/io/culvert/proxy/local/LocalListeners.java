package io.culvert.proxy.local;

import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.LoopbackTable;
import io.culvert.proxy.ListenerStatus;
import io.culvert.proxy.LocalServices;
import io.culvert.proxy.relay.Wiring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All sockets on which this host's callers come. All methods on one thread but {@link #status}. */
public final class LocalListeners implements AutoCloseable {
    private final LoopbackListeners loopback;
    private final UpstreamListeners upstreams;
    private final Admission admission;
    private final Accounts accounts;

    public LocalListeners(Wiring wiring, Duration firstPause, Admission admission, Accounts accounts) {
        this.admission = admission;
        this.accounts = accounts;
        this.loopback = new LoopbackListeners(wiring, firstPause, admission);
        this.upstreams = new UpstreamListeners(wiring, firstPause, admission, accounts);
    }

    /** What this host declares has changed. Users are looked up, which may take a moment. */
    public void apply(LocalServices services) {
        admission.recognise(CallerTable.of(services.callers(), accounts));
        upstreams.update(services.upstreams());
    }

    /** What is known of the mesh has changed. */
    public void apply(CatalogSnapshot catalog, LoopbackTable table) {
        loopback.update(catalog, table);
    }

    /** Tries again what failed, if its time has come. */
    public void retry() {
        loopback.retry();
        upstreams.retry();
    }

    /** Any thread. */
    public List<ListenerStatus> status() {
        List<ListenerStatus> all = new ArrayList<>(upstreams.status());
        all.addAll(loopback.status());
        return all;
    }

    @Override
    public void close() {
        upstreams.close();
        loopback.close();
    }
}
