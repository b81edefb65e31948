package io.culvert.agent.http.server;

import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.catalog.IpAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps web pages of others out. A page can make a browser on this host send requests here: by a name of its own that it
 * lets point to loopback (DNS rebinding; then {@code Host} is that name), or across sites (then {@code Origin} is not us).
 */
final class HostGuard {
    private final Set<String> names;

    /** @param names in lower case; {@code *.mesh} stands for all names below */
    HostGuard(Set<String> names) {
        this.names = names;
    }

    /** The UNIX socket is out of reach of browsers and needs none of this. */
    Optional<ServerListener.Refusal> check(ApiRequest request, boolean writes) {
        if (request.caller().isUnixSocket()) {
            return Optional.empty();
        }
        String host = request.header("host").orElse("");
        if (!host.isEmpty() && !isOurs(host)) {
            return Optional.of(ServerListener.Refusal.HOST);
        }
        if (!writes) {
            return Optional.empty(); // another site's script cannot read the answer: no CORS header allows it
        }
        Optional<String> origin = request.header("origin");
        boolean foreign = origin.isPresent() && !isSameOrigin(origin.get(), host);
        String site = request.header("sec-fetch-site").orElse("none");
        boolean crossSite = !site.equals("none") && !site.equals("same-origin");
        return foreign || crossSite ? Optional.of(ServerListener.Refusal.ORIGIN) : Optional.empty();
    }

    static ApiRefusal refusal(ServerListener.Refusal reason, ApiRequest request) {
        String host = request.header("host").orElse("").replaceAll("[^\\x21-\\x7e]", "?");
        return reason == ServerListener.Refusal.HOST
                ? new ApiRefusal(
                        403,
                        "host '" + host + "' is not a name of this agent's API (protection against DNS rebinding): "
                                + "use localhost, 127.0.0.1 or a name below .mesh")
                : new ApiRefusal(
                        403,
                        "a write from a page of another site is refused (Origin "
                                + request.header("origin").orElse("none").replaceAll("[^\\x21-\\x7e]", "?") + ")");
    }

    private boolean isOurs(String host) {
        String name = withoutPort(host).toLowerCase(Locale.ROOT);
        Optional<IpAddress> ip = IpAddress.tryParse(name);
        if (ip.isPresent()) {
            return isLoopback(ip.get());
        }
        String absolute = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return names.stream()
                .anyMatch(known -> known.startsWith("*.")
                        ? absolute.endsWith(known.substring(1)) && absolute.length() > known.length() - 1
                        : absolute.equals(known));
    }

    private static boolean isSameOrigin(String origin, String host) {
        int scheme = origin.indexOf("://");
        return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 || host.indexOf(':', colon + 1) >= 0 ? host : host.substring(0, colon);
    }

    private static boolean isLoopback(IpAddress ip) {
        return ip.isIpv4() ? ip.bytes()[0] == 127 : ip.toString().equals("::1");
    }
}
