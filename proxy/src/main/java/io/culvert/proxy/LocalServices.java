package io.culvert.proxy;

import java.util.List;

/**
 * All that this host declares for the proxy, one consistent state of it.
 *
 * @param destinations what others may reach here
 * @param callers which user is which service, for callers on loopback addresses; of two for one user neither counts
 * @param upstreams sockets that lead to services
 */
public record LocalServices(List<LocalDestination> destinations, List<LocalCaller> callers, List<Upstream> upstreams) {
    public static final LocalServices NONE = new LocalServices(List.of(), List.of(), List.of());

    public LocalServices {
        destinations = List.copyOf(destinations);
        callers = List.copyOf(callers);
        upstreams = List.copyOf(upstreams);
    }
}
