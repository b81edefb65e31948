package io.culvert.proxy.local;

import io.culvert.catalog.CatalogInstance;
import io.culvert.catalog.CatalogService;
import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.LoopbackTable;
import io.culvert.proxy.ListenerStatus;
import io.culvert.proxy.relay.Wiring;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A listener on 127.x.y.z for every mesh service that is known and every port that its instances have. All methods on one
 * thread but {@link #status}.
 */
public final class LoopbackListeners implements AutoCloseable {
    private final ListenerSet<LoopbackSocket> listeners;

    /** @param admission gets the callers, on their loops */
    public LoopbackListeners(Wiring wiring, Duration firstPause, Admission admission) {
        this.listeners =
                new ListenerSet<>(new LoopbackBinder(wiring, admission), firstPause, wiring.clock(), wiring.calendar());
    }

    /** Brings the listeners in line with what is known now. */
    public void update(CatalogSnapshot catalog, LoopbackTable table) {
        listeners.want(wanted(catalog, table));
    }

    /** Tries again what failed. */
    public void retry() {
        listeners.retry();
    }

    /** Any thread. */
    public List<ListenerStatus> status() {
        return listeners.status();
    }

    @Override
    public void close() {
        listeners.close();
    }

    /** Which sockets there should be. */
    static Set<LoopbackSocket> wanted(CatalogSnapshot catalog, LoopbackTable table) {
        Set<LoopbackSocket> wanted = new LinkedHashSet<>();
        for (CatalogService service : catalog.services()) {
            Optional<IpAddress> address = table.address(service.name());
            if (address.isEmpty()) {
                continue;
            }
            for (CatalogInstance instance : service.instances()) {
                int port = instance.service().port();
                if (instance.service().mesh() && port > 0) {
                    wanted.add(new LoopbackSocket(service.name(), address.get(), port));
                }
            }
        }
        return wanted;
    }

    private record LoopbackBinder(Wiring wiring, Admission admission) implements ListenerSet.Binder<LoopbackSocket> {
        @Override
        public Channel open(LoopbackSocket wanted) throws BindFailure {
            try {
                InetAddress address = InetAddress.getByAddress(wanted.address().bytes());
                return TcpBinding.tcp(
                        wiring,
                        new InetSocketAddress(address, wanted.port()),
                        leg -> admission.loopback(leg, wanted.service()));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address of 4 or 16 bytes needs no look-up", e);
            }
        }

        @Override
        public void close(LoopbackSocket wanted, Channel channel) {
            channel.close().awaitUninterruptibly();
        }

        @Override
        public ListenerStatus describe(
                LoopbackSocket wanted, ListenerStatus.State state, String reason, String remedy, Instant since) {
            return new ListenerStatus(
                    ListenerStatus.Kind.LOOPBACK,
                    wanted.service(),
                    wanted.address() + ":" + wanted.port(),
                    state,
                    reason,
                    remedy,
                    since);
        }
    }
}
