package io.culvert.agent.bridge;

import io.culvert.agent.local.LocalDestination;
import io.culvert.agent.local.LocalListener;
import io.culvert.agent.local.LocalView;
import io.culvert.catalog.CatalogSink;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.ServiceName;
import io.culvert.proxy.LocalCaller;
import io.culvert.proxy.LocalServices;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what is in force on this host to everybody who must know: the own catalogue, the pool, the proxy, the certificates.
 * On a thread of its own, so that nobody who changes something holds a lock while others react; of several changes that wait
 * only the newest is told.
 */
public final class LocalPublisher implements LocalListener {
    private static final Logger log = LoggerFactory.getLogger(LocalPublisher.class);

    private final Executor serial;
    private final Audience audience;
    private final AtomicReference<@Nullable LocalView> newest = new AtomicReference<>();
    private LocalServices proxied = LocalServices.NONE; // on the serial thread
    private Set<ServiceName> certified = Set.of(); // on the serial thread

    /**
     * Who hears. Calls come one at a time; the last three may block.
     *
     * @param catalog the own catalogue
     * @param pool other hosts
     * @param proxy sockets and deliveries
     * @param certificates services that need one
     */
    public record Audience(
            CatalogSink catalog,
            Consumer<NodeContent> pool,
            Consumer<LocalServices> proxy,
            Consumer<Set<ServiceName>> certificates) {}

    /** @param serial one thread; may block */
    public LocalPublisher(Executor serial, Audience audience) {
        this.serial = serial;
        this.audience = audience;
    }

    @Override
    public void changed(LocalView before, LocalView after) {
        if (newest.getAndSet(after) == null) {
            try {
                serial.execute(this::tell);
            } catch (RejectedExecutionException e) {
                log.atDebug().log("change of local services not told: the agent is stopping");
            }
        }
    }

    private void tell() {
        LocalView view = newest.getAndSet(null);
        if (view == null) {
            return;
        }
        Set<ServiceName> services = Set.copyOf(view.meshServices());
        if (!services.equals(certified)) {
            certified = services;
            audience.certificates().accept(services);
        }
        LocalServices declared = services(view);
        if (!declared.equals(proxied)) {
            proxied = declared;
            audience.proxy().accept(declared);
        }
        // Last: who learns of an instance may use it at once.
        audience.catalog().contentChanged(view.content());
        audience.pool().accept(view.content());
    }

    private static LocalServices services(LocalView view) {
        return new LocalServices(
                view.destinations().stream().map(LocalPublisher::destination).toList(),
                view.callers().stream()
                        .map(caller -> new LocalCaller(caller.service(), caller.user()))
                        .toList(),
                view.upstreams());
    }

    private static io.culvert.proxy.LocalDestination destination(LocalDestination local) {
        return new io.culvert.proxy.LocalDestination(local.serviceId(), local.service(), local.endpoint());
    }
}
