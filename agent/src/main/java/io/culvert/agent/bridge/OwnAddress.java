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
     * @throws IllegalStateException when this host has no address that others could reach
     */
    public static IpAddress choose(IpAddress bind, Optional<IpAddress> advertise) {
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
