package io.culvert.proxy.local;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.ServiceName;

/** A loopback address and port that leads to a service. */
public record LoopbackSocket(ServiceName service, IpAddress address, int port) {
    @Override
    public String toString() {
        return address + ":" + port + " (" + service + ")";
    }
}
