package io.culvert.catalog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Which loopback address belongs to which service. A name asks for the addresses of its hashes, one after the other; of
 * two that ask for the same one, the service first registered earlier keeps it (ties by name) and the other asks for its
 * next. This is deferred acceptance with one common order, whose outcome does not depend on the order of arrival: every
 * host that knows the same services has the same table, without agreement.
 *
 * <p>Immutable. A name keeps its entry when the service vanishes, so that a client's resolved address does not come to
 * mean another service; entries are dropped only by {@link #retain}.
 */
public final class LoopbackTable {
    /** Attempts of one name before giving up; with at most half of the pool taken this is never reached. */
    private static final int ATTEMPTS = 64;

    private final LoopbackPool pool;
    private final PMap<ServiceName, Entry> byName;
    private final PMap<Integer, Entry> byOffset;

    private LoopbackTable(LoopbackPool pool, PMap<ServiceName, Entry> byName, PMap<Integer, Entry> byOffset) {
        this.pool = pool;
        this.byName = byName;
        this.byOffset = byOffset;
    }

    /**
     * One line of the table.
     *
     * @param firstRegistered seconds since 1970; decides who keeps a contested address
     * @param attempt how many hashes of this name were taken by older services
     */
    public record Entry(ServiceName name, long firstRegistered, int attempt, IpAddress address) {
        boolean isOlderThan(ServiceName otherName, long otherRegistered) {
            return firstRegistered != otherRegistered
                    ? firstRegistered < otherRegistered
                    : name.compareTo(otherName) < 0;
        }
    }

    public static LoopbackTable empty(LoopbackPool pool) {
        return new LoopbackTable(pool, HashTreePMap.empty(), HashTreePMap.empty());
    }

    public LoopbackPool pool() {
        return pool;
    }

    public Optional<IpAddress> address(ServiceName name) {
        return Optional.ofNullable(byName.get(name)).map(Entry::address);
    }

    /** Who owns {@code address}: the answer to a reverse question. */
    public Optional<ServiceName> owner(IpAddress address) {
        return pool.contains(address)
                ? Optional.ofNullable(byOffset.get(
                                address.toIpv4Number() - pool.network().toIpv4Number()))
                        .map(Entry::name)
                : Optional.empty();
    }

    public Collection<Entry> entries() {
        return byName.values();
    }

    /**
     * The table with {@code name} in it. A known name whose first registration is no earlier than remembered keeps what
     * it has. Returns this very table when nothing changes, also when the pool has no room left for the name.
     */
    public LoopbackTable with(ServiceName name, long firstRegistered) {
        Entry known = byName.get(name);
        if (known == null) {
            return place(name, firstRegistered, 0);
        }
        if (known.firstRegistered() <= firstRegistered) {
            return this;
        }
        // It becomes older, so it may move and leave room that others were refused: those must ask again. Rare, hence
        // plain.
        LoopbackTable rebuilt = empty(pool).place(name, firstRegistered, 0);
        for (Entry entry : byName.values()) {
            rebuilt = entry.name().equals(name) ? rebuilt : rebuilt.place(entry.name(), entry.firstRegistered(), 0);
        }
        return rebuilt;
    }

    /** The table with only these names: what a host forgets when it has remembered too many. */
    public LoopbackTable retain(Collection<ServiceName> names) {
        LoopbackTable kept = empty(pool);
        for (Entry entry : byName.values()) {
            if (names.contains(entry.name())) {
                kept = kept.with(entry.name(), entry.firstRegistered());
            }
        }
        return kept;
    }

    private LoopbackTable place(ServiceName name, long firstRegistered, int firstAttempt) {
        for (int attempt = firstAttempt; attempt < ATTEMPTS; attempt++) {
            int offset = offset(name, attempt);
            Entry holder = byOffset.get(offset);
            if (offset != 0 && (holder == null || !holder.isOlderThan(name, firstRegistered))) {
                return settle(new Entry(name, firstRegistered, attempt, pool.at(offset)), holder);
            }
        }
        return this;
    }

    private LoopbackTable settle(Entry entry, @Nullable Entry displaced) {
        PMap<ServiceName, Entry> names = byName.plus(entry.name(), entry);
        if (displaced != null) {
            names = names.minus(displaced.name());
        }
        LoopbackTable settled = new LoopbackTable(pool, names, byOffset.plus(offset(entry), entry));
        return displaced == null
                ? settled
                : settled.place(displaced.name(), displaced.firstRegistered(), displaced.attempt() + 1);
    }

    private int offset(Entry entry) {
        return entry.address().toIpv4Number() - pool.network().toIpv4Number();
    }

    private int offset(ServiceName name, int attempt) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(name.folded().getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) attempt);
            return (int) Long.remainderUnsigned(ByteBuffer.wrap(sha256.digest()).getLong(), pool.size());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
