package io.culvert.gossip;

import io.culvert.catalog.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** What a name stands for. May block for as long as the system's resolver does. */
interface NameLookup {
    /** Asks the system: its hosts file, its DNS. */
    NameLookup SYSTEM = name -> {
        List<IpAddress> addresses = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(name)) {
            addresses.add(IpAddress.of(address.getAddress()));
        }
        return addresses;
    };

    List<IpAddress> addressesOf(String name) throws UnknownHostException;
}
