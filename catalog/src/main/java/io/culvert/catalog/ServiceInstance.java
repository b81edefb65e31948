package io.culvert.catalog;

import java.util.List;
import java.util.Map;

/**
 * One instance of a service, as its owner declares it and everybody sees it.
 *
 * @param id unique on its node; the service's name when nothing else is declared
 * @param tags free text, in the order declared
 * @param meta free pairs, at most 64
 * @param address where it listens; empty: the node's address
 * @param port the port of the service, and of its loopback address in the mesh; 0: none
 * @param socketPath the UNIX socket that it listens on; empty: TCP
 * @param taggedAddresses further addresses by name ({@code lan}, {@code wan}, …), as {@code address:port}
 * @param enableTagOverride Consul's flag, kept and shown
 * @param mesh whether the mesh opens it to others (it declares {@code connect})
 * @param firstRegistered seconds since 1970 of its first registration on this host: who is older keeps a loopback address
 */
public record ServiceInstance(
        String id,
        ServiceName name,
        List<String> tags,
        Map<String, String> meta,
        String address,
        int port,
        String socketPath,
        Map<String, TaggedAddress> taggedAddresses,
        Weights weights,
        boolean enableTagOverride,
        boolean mesh,
        long firstRegistered) {
    public ServiceInstance {
        if (id.isEmpty() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException("service '" + name + "': id '" + id + "', port " + port
                    + " (expected: an id, a port of 0 to 65535)");
        }
        tags = List.copyOf(tags);
        meta = Map.copyOf(meta);
        taggedAddresses = Map.copyOf(taggedAddresses);
    }

    /** A further address of an instance. */
    public record TaggedAddress(String address, int port) {}

    public ServiceInstance withFirstRegistered(long seconds) {
        return new ServiceInstance(
                id,
                name,
                tags,
                meta,
                address,
                port,
                socketPath,
                taggedAddresses,
                weights,
                enableTagOverride,
                mesh,
                seconds);
    }

    /** A plain instance with a port; everything else at its default. */
    public static ServiceInstance of(String id, String name, int port) {
        return new ServiceInstance(
                id,
                new ServiceName(name),
                List.of(),
                Map.of(),
                "",
                port,
                "",
                Map.of(),
                Weights.DEFAULT,
                false,
                false,
                0);
    }

    public ServiceInstance withMesh() {
        return new ServiceInstance(
                id,
                name,
                tags,
                meta,
                address,
                port,
                socketPath,
                taggedAddresses,
                weights,
                enableTagOverride,
                true,
                firstRegistered);
    }
}
