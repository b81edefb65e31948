package io.culvert.agent.bridge;

import io.culvert.catalog.IpAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where other hosts reach this one, when nobody has said it. */
public final class OwnAddress {
    private OwnAddress() {}

    /**
     * The address told to others: {@code advertise}, else {@code bind}, else the first private IPv4 address of an interface
     * that is up, else any other, as Consul chooses.
     *
     * @throws IllegalStateException when {@code bind} is no address of this host, or it has none that others could reach
     */
    public static IpAddress choose(IpAddress bind, Optional<IpAddress> advertise) {
        requireOwn(bind);
        if (advertise.isPresent()) {
            return advertise.get();
        }
        if (!bind.isUnspecified()) {
            return bind;
        }
        return candidates().stream()
                .min(Comparator.comparing((InetAddress address) -> !address.isSiteLocalAddress())
                        .thenComparing(address -> address.getAddress().length))
                .map(address -> IpAddress.of(address.getAddress()))
                .orElseThrow(
                        () -> new IllegalStateException("no network interface has an address that other hosts could"
                                + " reach (name one with --bind, or with advertise_addr in the settings)"));
    }

    private static void requireOwn(IpAddress bind) {
        if (bind.isUnspecified() || bind.isLoopback()) {
            return;
        }
        List<String> own =
                candidates().stream().map(InetAddress::getHostAddress).toList();
        if (!own.contains(bind.toString())) {
            throw new IllegalStateException("'bind_addr' is " + bind + ", which is no address of this host (expected: "
                    + (own.isEmpty() ? "one of its own; it has none but loopback" : "one of " + String.join(", ", own))
                    + ")");
        }
    }

    private static List<InetAddress> candidates() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(OwnAddress::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .toList();
        } catch (SocketException e) {
            throw new IllegalStateException("the network interfaces of this host cannot be listed", e);
        }
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException e) {
            return false; // gone since it was listed
        }
    }
}
